/** The four questions that can be asked. */
export type HealthEndpoint = "health" | "ready" | "live" | "startup";

/** What a path asks for: an endpoint, or one check by its name. */
export type HealthTarget = HealthEndpoint | { readonly check: string };

/** Where the endpoints stand. */
export interface PathSettings {
  /** Put before every path: `/internal` gives `/internal/ready`; by itself it is the overview. */
  readonly basePath: string;
  /** Paths that replace those of an endpoint. */
  readonly paths: Readonly<Partial<Record<HealthEndpoint, string | readonly string[]>>>;
  /** Adds `/healthz`, `/readyz` and `/livez`. */
  readonly kubernetesPaths: boolean;
}

/** Which target a URL asks for; undefined when the path is not ours. */
export type FindTarget = (url: string) => HealthTarget | undefined;

const PATHS: Readonly<Record<HealthEndpoint, readonly string[]>> = {
  health: ["/health"],
  ready: ["/ready", "/health/ready"],
  live: ["/live", "/health/live"],
  startup: ["/startup", "/health/startup", "/health/started"],
};
const KUBERNETES_PATHS: readonly (readonly [string, HealthEndpoint])[] = [
  ["/healthz", "health"],
  ["/readyz", "ready"],
  ["/livez", "live"],
];
const ENDPOINTS = Object.keys(PATHS) as HealthEndpoint[];

/** Every path of an endpoint. */
export function listPaths(settings: PathSettings): ReadonlyMap<string, HealthEndpoint> {
  const base = settings.basePath.replace(/\/+$/, "");
  const bare = ENDPOINTS.flatMap((endpoint) =>
    [settings.paths[endpoint] ?? PATHS[endpoint]].flat().map((path) => [path, endpoint] as const),
  );
  const all = settings.kubernetesPaths ? [...bare, ...KUBERNETES_PATHS] : bare;
  const paths = new Map(all.map(([path, endpoint]) => [base + path, endpoint]));
  return base === "" ? paths : paths.set(base, "health");
}

/** What stands before the name of a check: `/health/checks/`, also right under a base that ends in `/health`. */
export function listCheckPaths({ basePath }: Pick<PathSettings, "basePath">): readonly string[] {
  const base = basePath.replace(/\/+$/, "");
  const nested = `${base}/health/checks/`;
  return base.endsWith("/health") ? [nested, `${base}/checks/`] : [nested];
}

/** Makes the look-up; a query string and one trailing slash do not count. */
export function createFindTarget(settings: PathSettings): FindTarget {
  const paths = listPaths(settings);
  const checkPaths = listCheckPaths(settings);
  return (url) => {
    const query = url.indexOf("?");
    const end = query === -1 ? url.length : query;
    const slash = end > 1 && url.charCodeAt(end - 1) === 47;
    const path = url.slice(0, slash ? end - 1 : end);
    return paths.get(path) ?? findCheck(path, checkPaths);
  };
}

function findCheck(path: string, checkPaths: readonly string[]): HealthTarget | undefined {
  const before = checkPaths.find((start) => path.startsWith(start) && path.length > start.length);
  if (before === undefined) return undefined;
  const name = path.slice(before.length);
  return name.includes("/") ? undefined : { check: decode(name) };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
