import { type LayerLike, type RouteLike, stackOf, type Taken, take, templateOf } from "./express-layers.js";

/** The part of an Express app that routing shows. */
export interface ExpressAppLike {
  readonly parent?: ExpressAppLike | undefined;
  readonly mountpath?: string | readonly string[];
}

/** A template, and whether every path to the same place would give the same. */
export interface Found {
  readonly template: string;
  readonly fixed: boolean;
}

/** A place in the tree of routers: the template so far, and what is left of the path. */
interface Place extends Found {
  readonly stack: readonly LayerLike[];
  readonly path: string;
  /** How much of the request's path the mounts above took. */
  readonly taken: number;
}

type Find = (place: Place) => Found | undefined;
type Visit = (layer: LayerLike, path: string) => string | undefined;

/** The template of `route` for a request to `path`, looked for in the apps that the request went through. */
export function routeTemplate(apps: readonly ExpressAppLike[], path: string, route: RouteLike): Found | undefined {
  return search(apps, path, (place) => descend(place, (layer) => (layer.route === route ? templateOf(route.path) : undefined)));
}

/** The template of the mount that took the first `length` characters of `path`. */
export function mountTemplate(apps: readonly ExpressAppLike[], path: string, length: number): Found | undefined {
  return search(apps, path, (place) => descendMounts(place, length));
}

/** The template of the first route that fits `path`, whatever its method: what an automatic OPTIONS answer is about. */
export function anyRouteTemplate(apps: readonly ExpressAppLike[], path: string): Found | undefined {
  const visit: Visit = (layer, rest) => (layer.route !== undefined && take(layer, rest) ? templateOf(layer.route.path) : undefined);
  return search(apps, path, (place) => descend(place, visit));
}

/** In how many places of the apps' trees a route stands. */
export function countPlaces(apps: readonly ExpressAppLike[], route: RouteLike): number {
  const above = new Set<readonly LayerLike[]>();
  const count = (stack: readonly LayerLike[] | undefined): number => {
    if (stack === undefined || above.has(stack)) return 0;
    above.add(stack);
    const sum = stack.reduce((n, layer) => n + (layer.route === route ? 1 : count(stackOf(layer.handle))), 0);
    above.delete(stack);
    return sum;
  };
  return apps.reduce((sum, app) => sum + count(stackOf(app)), 0);
}

function search(apps: readonly ExpressAppLike[], path: string, find: Find): Found | undefined {
  for (const app of apps) {
    for (const place of entrances(app, path)) {
      const found = find(place);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

// A sub-app mounted with app.use() hides behind a closure; its `parent` and `mountpath` say where it stands.
function* entrances(app: ExpressAppLike, path: string): Generator<Place> {
  const stack = stackOf(app) ?? [];
  if (app.parent === undefined) {
    yield { stack, template: "", path, taken: 0, fixed: true };
    return;
  }
  const template = templateOf(app.mountpath ?? "");
  for (const above of entrances(app.parent, path)) {
    for (const layer of above.stack) {
      const taken = layer.name === "mounted_app" ? take(layer, above.path) : undefined;
      if (taken !== undefined) yield below(above, { ...taken, template }, stack);
    }
  }
}

function below(place: Place, taken: Taken, stack: readonly LayerLike[]): Place {
  const rest = place.path.slice(taken.length);
  return {
    stack,
    template: join(place.template, taken.template),
    fixed: place.fixed && taken.fixed,
    path: rest.startsWith("/") ? rest : `/${rest}`,
    taken: place.taken + taken.length,
  };
}

function descend(place: Place, visit: Visit): Found | undefined {
  for (const layer of place.stack) {
    const own = visit(layer, place.path);
    if (own !== undefined) return { template: join(place.template, own) || "/", fixed: place.fixed };
    const found = enter(place, layer, (inner) => descend(inner, visit));
    if (found !== undefined) return found;
  }
  return undefined;
}

function descendMounts(place: Place, length: number): Found | undefined {
  for (const layer of place.stack) {
    if (layer.route !== undefined) continue;
    const taken = take(layer, place.path);
    if (taken === undefined) continue;
    // Express strips a trailing slash from `baseUrl`, not from what the mount took.
    const total = place.taken + taken.length;
    if (taken.length > 0 && (total === length || total === length + 1)) {
      return { template: join(place.template, taken.template), fixed: place.fixed && taken.fixed };
    }
    const found = enter(place, layer, (inner) => descendMounts(inner, length));
    if (found !== undefined) return found;
  }
  return undefined;
}

function enter(place: Place, layer: LayerLike, find: Find): Found | undefined {
  const stack = stackOf(layer.handle);
  const taken = stack === undefined ? undefined : take(layer, place.path);
  return stack === undefined || taken === undefined ? undefined : find(below(place, taken, stack));
}

// As Express strips paths: at `/` a route adds nothing to its mount.
function join(above: string, own: string): string {
  return own.startsWith("/") || own === "" || above === "" ? above + own : `${above}/${own}`;
}
