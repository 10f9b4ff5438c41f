import { isFixedRegExp, templateOfMatchers, templateOfRegExp } from "./patterns.js";

/** A Route of Express 4 or of `router` 2. */
export interface RouteLike {
  readonly path: RoutePath;
  /** By lower-case name; `_all` for every method. */
  readonly methods?: Readonly<Record<string, boolean>>;
}

/** What a route or a mount may be declared with. */
export type RoutePath = string | RegExp | readonly RoutePath[];

/** What a layer's `match` yields from router 2.3 on; before, it answers true and leaves the fields on the layer. */
interface Match {
  readonly path: string;
  /** The template that matched. */
  readonly pattern: RoutePath;
}

/** What one alternative of a layer answers, from router 2.0 on. */
export type Matcher = (
  path: string,
) => { readonly path: string; readonly params: Readonly<Record<string, unknown>> } | false;

/** A layer of a router's stack. */
export interface LayerLike {
  readonly name?: string;
  readonly handle: unknown;
  readonly route?: RouteLike | undefined;
  /** True for a mount at `/`, which strips nothing. */
  readonly slash?: boolean;
  /** Express 4: what the declared path was made into, and the names of its groups. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly { readonly name: string | number }[];
  /** The declared path, from router 2.3 on. */
  readonly rawPath?: RoutePath;
  /** One for each alternative, from router 2.0 on. */
  readonly matchers?: readonly Matcher[];
  readonly path?: string | undefined;
  match(path: string): boolean | Match;
}

/** A layer's answer to a path: what it takes off the front, and the template of that. */
export interface Taken {
  readonly length: number;
  readonly template: string;
  /** False where another path could get another template from the same mount: alternatives, a RegExp. */
  readonly fixed: boolean;
}

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
  if (layer.slash === true || layer.regexp?.fast_slash === true)
    return { length: 0, template: "", fixed: true };
  const match = matchLayer(layer, path);
  if (match === undefined) return undefined;
  return { length: match.path.length, template: templateOf(match.pattern), fixed: isFixed(layer) };
}

// A pattern that refuses to decode a malformed path throws URIError: no match.
function matchLayer(layer: LayerLike, path: string): Match | undefined {
  try {
    const match = layer.match(path);
    if (match === false) return undefined;
    return match === true ? { path: layer.path ?? "", pattern: patternOf(layer, path) } : match;
  } catch {
    return undefined;
  }
}

// Express 4 and router before 2.3 do not keep what a mount was declared with.
function patternOf(layer: LayerLike, path: string): string {
  if (layer.regexp !== undefined) return templateOfRegExp(layer.regexp, layer.keys ?? [], path);
  return templateOfMatchers(layer.matchers ?? [], path);
}

function isFixed({ rawPath, matchers, regexp }: LayerLike): boolean {
  if (rawPath !== undefined) return typeof rawPath === "string";
  if (matchers !== undefined) return matchers.length === 1;
  return regexp !== undefined && isFixedRegExp(regexp);
}

/** A declared path as a label: alternatives joined by `|`, a RegExp as its source. No doubled and no trailing slash. */
export function templateOf(path: RoutePath): string {
  if (typeof path === "string") return path.replace(/\/{2,}/g, "/").replace(/\/+$/, "");
  return path instanceof RegExp ? path.source : path.map(templateOf).join("|");
}
