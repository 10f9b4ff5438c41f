import type { RouteLike } from "./express-layers.js";
import { anyRouteTemplate, countPlaces, type ExpressAppLike, mountTemplate, routeTemplate } from "./express-routes.js";

/** An Express request, as far as routing shows on it. */
export interface ExpressRequestLike {
  baseUrl?: string;
  readonly route?: RouteLike | undefined;
  readonly app?: ExpressAppLike & { readonly request?: object };
}

/** Where a request has been: Express takes `baseUrl` and `app` back on the way out, before error handlers run. */
export class ExpressTrail {
  readonly apps: ExpressAppLike[];
  /** The deepest `baseUrl` of the mount entered last. */
  mount = "";

  constructor(app: ExpressAppLike | undefined) {
    this.apps = app === undefined ? [] : [app];
  }

  entered(baseUrl: string, app: ExpressAppLike | undefined): void {
    if (!this.mount.startsWith(baseUrl)) this.mount = baseUrl;
    if (app !== undefined && !this.apps.includes(app)) this.apps.push(app);
  }
}

/** What is known of the end of a request when its route is asked for. */
export interface Arrival {
  readonly req: ExpressRequestLike & { readonly method?: string | undefined };
  readonly path: string;
  readonly status: number;
}

/** Makes the function that turns a trail into a route template, remembering those that cannot change. */
export function createTemplates(): (trail: ExpressTrail, arrival: Arrival) => string | undefined {
  const known = new WeakMap<RouteLike, string>();

  function ofRoute(trail: ExpressTrail, path: string, route: RouteLike): string | undefined {
    const remembered = known.get(route);
    if (remembered !== undefined) return remembered;
    const found = routeTemplate(trail.apps, path, route);
    if (found?.fixed === true && countPlaces(trail.apps, route) === 1) known.set(route, found.template);
    return found?.template;
  }

  // Without a route: an automatic OPTIONS answer, a guard or a file server in a mount, or nothing that matched.
  function ofMount(trail: ExpressTrail, { req, path, status }: Arrival): string | undefined {
    if (status === 404) return undefined;
    const asked = req.method === "OPTIONS" ? anyRouteTemplate(trail.apps, path) : undefined;
    if (asked !== undefined) return asked.template;
    return trail.mount === "" ? undefined : mountTemplate(trail.apps, path, trail.mount.length)?.template;
  }

  return (trail, arrival) => {
    const { route, app } = arrival.req;
    // Express 4 changes `app` only after it wrote `baseUrl`.
    trail.entered("", app);
    return route === undefined ? ofMount(trail, arrival) : ofRoute(trail, arrival.path, route);
  };
}

/**
 * Lets trails hear of every mount a request enters: Express writes `req.baseUrl` each time, so an accessor on the
 * `request` object of this one app (which all its requests inherit from) is told, at no cost per request.
 */
export function createBaseUrlWatch(trailOf: (req: object) => ExpressTrail | undefined): (proto: object) => () => void {
  const slot = Symbol("telltale.baseUrl");
  type Watched = ExpressRequestLike & { [slot]?: string };

  return (proto) => {
    const before = Object.getOwnPropertyDescriptor(proto, "baseUrl");
    const set = function (this: Watched, value: string): void {
      if (before?.set === undefined) this[slot] = value;
      else before.set.call(this, value);
      if (typeof value === "string") trailOf(this)?.entered(value, this.app);
    };
    const get = function (this: Watched): string | undefined {
      return before?.get === undefined ? this[slot] : before.get.call(this);
    };
    Object.defineProperty(proto, "baseUrl", { configurable: true, enumerable: true, get, set });
    return () => restore(proto, before, set);
  };
}

// Another watcher may stand on top of ours by now: then ours stays below it, and tells a trail that no longer is.
function restore(proto: object, before: PropertyDescriptor | undefined, ours: unknown): void {
  if (Object.getOwnPropertyDescriptor(proto, "baseUrl")?.set !== ours) return;
  if (before === undefined) Reflect.deleteProperty(proto, "baseUrl");
  else Object.defineProperty(proto, "baseUrl", before);
}
