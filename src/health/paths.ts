/** The four questions that can be asked. */
export type HealthEndpoint = "health" | "ready" | "live" | "startup";

/** Which endpoint a URL asks for; undefined when the path is not ours. */
export type FindEndpoint = (url: string) => HealthEndpoint | undefined;

const PATHS: readonly (readonly [path: string, endpoint: HealthEndpoint])[] = [
  ["/health", "health"],
  ["/ready", "ready"],
  ["/live", "live"],
  ["/startup", "startup"],
  ["/health/ready", "ready"],
  ["/health/live", "live"],
  ["/health/startup", "startup"],
];

/** Every path under `basePath` with its endpoint; a `basePath` of its own is the overview. */
export function listPaths(basePath: string): ReadonlyMap<string, HealthEndpoint> {
  const base = basePath.replace(/\/+$/, "");
  const paths = new Map(PATHS.map(([path, endpoint]) => [base + path, endpoint]));
  return base === "" ? paths : paths.set(base, "health");
}

/** Makes the look-up; a query string and one trailing slash do not count. */
export function createFindEndpoint(basePath: string): FindEndpoint {
  const paths = listPaths(basePath);
  const longest = Math.max(...[...paths.keys()].map((path) => path.length)) + 1;
  return (url) => {
    const query = url.indexOf("?");
    const end = query === -1 ? url.length : query;
    if (end > longest) return undefined;
    const slash = end > 1 && url.charCodeAt(end - 1) === 47;
    return paths.get(url.slice(0, slash ? end - 1 : end));
  };
}
