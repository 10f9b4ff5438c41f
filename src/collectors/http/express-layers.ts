/** A Route of Express 4 or of `router` 2. */
export interface RouteLike {
  readonly path: RoutePath;
}

/** What a route or a mount may be declared with. */
export type RoutePath = string | RegExp | readonly RoutePath[];

/** What a layer's `match` yields from router 2.3 on; before, it answers true and leaves the fields on the layer. */
interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The template that matched, from router 2.3 on. */
  readonly pattern?: RoutePath;
}

/** A layer of a router's stack. */
export interface LayerLike {
  readonly name?: string;
  readonly handle: unknown;
  readonly route?: RouteLike | undefined;
  /** True for a mount at `/`, which strips nothing. */
  readonly slash?: boolean;
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  /** The declared path, from router 2.3 on. */
  readonly rawPath?: RoutePath;
  /** One for each alternative, from router 2.0 on. */
  readonly matchers?: readonly unknown[];
  readonly path?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  match(path: string): boolean | Match;
}

/** A layer's answer to a path: what it takes off the front, and the template of that. */
export interface Taken {
  readonly length: number;
  readonly template: string;
  /** False where another path could get another template from the same mount: alternatives, a RegExp. */
  readonly fixed: boolean;
}

// Unlikely in a path and safe in every pattern that takes a segment.
const PROBE = "telltale0probe";
const GENERATED_END = "(?=\\/|$)";

/** The layers behind a handler: a Router's own, or those of an Express app used as a handler. */
export function stackOf(handle: unknown): readonly LayerLike[] | undefined {
  if (typeof handle !== "function") return undefined;
  const own = (handle as { stack?: unknown }).stack;
  if (Array.isArray(own)) return own;
  return appStack(handle);
}

// Express 4 keeps its router in `_router` and throws on reading `router`; Express 5 has `router`.
function appStack(app: object): readonly LayerLike[] | undefined {
  if (!("handle" in app) || !("set" in app)) return undefined;
  const { _router: old } = app as { _router?: { stack: LayerLike[] } };
  if (old !== undefined) return old.stack;
  if ("lazyrouter" in app) return undefined;
  return (app as unknown as { router?: { stack: LayerLike[] } }).router?.stack;
}

/** What `layer` takes off the front of `path`, or undefined when it does not match. */
export function take(layer: LayerLike, path: string): Taken | undefined {
  if (layer.slash === true || layer.regexp?.fast_slash === true) return { length: 0, template: "", fixed: true };
  const match = matchLayer(layer, path);
  if (match === undefined) return undefined;
  const template = match.pattern === undefined ? generalise(layer, path, match) : templateOf(match.pattern);
  return { length: match.path.length, template, fixed: isFixed(layer) };
}

function isFixed(layer: LayerLike): boolean {
  if (layer.rawPath !== undefined) return typeof layer.rawPath === "string";
  if (layer.matchers !== undefined) return layer.matchers.length === 1;
  // Express 4 makes `^…\/?(?=\/|$)` of a string, and joins those of an array by `|`.
  const source = layer.regexp?.source ?? "|";
  return source.endsWith(GENERATED_END) && !source.slice(0, -GENERATED_END.length).includes("|");
}

/** A declared path as a label: alternatives joined by `|`, a RegExp as its source text. */
export function templateOf(path: RoutePath): string {
  if (typeof path === "string") return path;
  return path instanceof RegExp ? String(path) : path.map(templateOf).join("|");
}

// A pattern that refuses to decode a malformed path throws URIError: no match.
function matchLayer(layer: LayerLike, path: string): Match | undefined {
  try {
    const match = layer.match(path);
    if (match === false) return undefined;
    return match === true ? { path: layer.path ?? "", params: layer.params ?? {} } : match;
  } catch {
    return undefined;
  }
}

/**
 * Works a template out of a mount that does not show its own (Express 4, router before 2.3): each segment of what it
 * matched is swapped for a probe and matched again. Where a parameter then holds the probe, the segment is that
 * parameter; where the mount matches any text, it is a wildcard; else it is literal. Nothing is guessed from values.
 */
function generalise(layer: LayerLike, path: string, match: Match): string {
  const segments = match.path.split("/");
  const rest = path.slice(match.path.length);
  const template = segments.map((segment, i) => {
    if (segment === "") return segment;
    const probe = (text: string): Match | undefined => matchLayer(layer, segments.with(i, text).join("/") + rest);
    return generaliseSegment(segment, match.params, probe);
  });
  return template.join("/");
}

function generaliseSegment(segment: string, params: Match["params"], probe: (text: string) => Match | undefined): string {
  const whole = probe(PROBE);
  if (whole !== undefined) return paramHolding(whole, PROBE) ?? "*";
  for (const [name, value] of Object.entries(params)) {
    const at = typeof value === "string" && value !== "" ? segment.indexOf(value) : -1;
    if (at < 0) continue;
    const after = segment.slice(at + (value as string).length);
    // Digits as well: a parameter may be constrained to a number.
    for (const text of [PROBE, "90417"]) {
      const found = probe(segment.slice(0, at) + text + after);
      if (found?.params[name] === text) return `${segment.slice(0, at)}:${name}${after}`;
    }
  }
  return segment;
}

function paramHolding(match: Match, probe: string): string | undefined {
  for (const [name, value] of Object.entries(match.params)) if (value === probe) return `:${name}`;
  return undefined;
}
