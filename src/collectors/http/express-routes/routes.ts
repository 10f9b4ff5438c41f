import type { ResponseLike } from "../targets/shapes.js";
import { type LayerLike, type RouteLike, stackOf, type Taken, take, templateOf } from "./layers.js";

/** The part of an Express app that routing shows. */
export interface ExpressAppLike {
  readonly parent?: ExpressAppLike | undefined;
  readonly mountpath?: string | readonly string[];
  /** The prototype of the responses that it handles. */
  readonly response?: ResponseLike;
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
type Visit = (layer: LayerLike, place: Place) => Found | undefined;

/** The template of `route` for a request to `path`, looked for in the apps that the request went through. */
export function routeTemplate(
  apps: readonly ExpressAppLike[],
  path: string,
  route: RouteLike,
): Found | undefined {
  const visit: Visit = (layer, place) => (layer.route === route ? foundAt(place, route) : undefined);
  return search(apps, path, (place) => descend(place, visit));
}

/**
 * The template of the route that a request to `path` was meant for, when something in front of it has answered: the first
 * that fits the path and the method, else the first that fits the path. One walk, for a limiter answers scanners so.
 */
export function targetTemplate(
  apps: readonly ExpressAppLike[],
  path: string,
  method: string,
): Found | undefined {
  let other: Found | undefined;
  const visit: Visit = (layer, place) => {
    const { route } = layer;
    if (route === undefined || take(layer, place.path) === undefined) return undefined;
    const found = foundAt(place, route);
    if (handles(route, method)) return found;
    other ??= found;
    return undefined;
  };
  return search(apps, path, (place) => descend(place, visit)) ?? other;
}

/** The template of the mount that takes most of `path`: what is known where no route fits, as of a file server. */
export function mountTemplate(apps: readonly ExpressAppLike[], path: string): Found | undefined {
  let deepest: Place | undefined;
  search(apps, path, (place) => {
    for (const mount of mountsOf(place)) if (mount.taken > (deepest?.taken ?? 0)) deepest = mount;
    return undefined;
  });
  return deepest;
}

/** Where a mount and a route below it meet. */
export function joinTemplates(above: string, own: string): string {
  return own.startsWith("/") || own === "" || above === "" ? above + own : `${above}/${own}`;
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
      if (taken !== undefined && isOneOf(template, taken.template))
        yield below(above, { ...taken, template }, stack);
    }
  }
}

// Which of the closures is this app's only the template tells; one worked out of a pattern has lost its constraints.
function isOneOf(declared: string, template: string): boolean {
  const bare = (path: string): string => path.replace(/\([^()]*\)/g, "");
  return bare(declared).split("|").includes(bare(template));
}

function below(place: Place, taken: Taken, stack: readonly LayerLike[]): Place {
  const rest = place.path.slice(taken.length);
  return {
    stack,
    template: joinTemplates(place.template, taken.template),
    fixed: place.fixed && taken.fixed,
    path: rest.startsWith("/") ? rest : `/${rest}`,
    taken: place.taken + taken.length,
  };
}

function descend(place: Place, visit: Visit): Found | undefined {
  for (const layer of place.stack) {
    const found = visit(layer, place) ?? enter(place, layer, (inner) => descend(inner, visit));
    if (found !== undefined) return found;
  }
  return undefined;
}

function foundAt(place: Place, { path }: RouteLike): Found {
  return { template: joinTemplates(place.template, templateOf(path)) || "/", fixed: place.fixed };
}

function* mountsOf(place: Place): Generator<Place> {
  for (const layer of place.stack) {
    const taken = layer.route === undefined ? take(layer, place.path) : undefined;
    if (taken === undefined) continue;
    const mount = below(place, taken, stackOf(layer.handle) ?? []);
    yield mount;
    yield* mountsOf(mount);
  }
}

function enter(place: Place, layer: LayerLike, find: Find): Found | undefined {
  const stack = stackOf(layer.handle);
  const taken = stack === undefined ? undefined : take(layer, place.path);
  return stack === undefined || taken === undefined ? undefined : find(below(place, taken, stack));
}

// A route for GET answers HEAD as well.
function handles({ methods }: RouteLike, method: string): boolean {
  if (methods === undefined) return false;
  const { _all: all, get } = methods;
  return all === true || methods[method.toLowerCase()] === true || (method === "HEAD" && get === true);
}
