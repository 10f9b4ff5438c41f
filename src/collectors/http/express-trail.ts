import { boundedValues } from "./bounded.js";
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

// Templates worked out of a mount that does not show its own may hold text of the path: a RegExp among alternatives, `+`.
const MAX_WORKED_OUT = 500;

/** What is known of the end of a request when its route is asked for. */
export interface Arrival {
  readonly req: ExpressRequestLike & { readonly method?: string | undefined };
  readonly path: string;
  readonly status: number;
}

/** Makes the function that turns a trail into a route template, remembering those that cannot change. */
export function createTemplates(): (trail: ExpressTrail, arrival: Arrival) => string | undefined {
  const known = new WeakMap<RouteLike, string>();
  const bound = boundedValues(MAX_WORKED_OUT);

  function ofRoute(trail: ExpressTrail, path: string, route: RouteLike): string | undefined {
    const found = routeTemplate(trail.apps, path, route);
    if (found?.fixed !== true) return found && bound(found.template);
    if (countPlaces(trail.apps, route) === 1) known.set(route, found.template);
    return found.template;
  }

  // Without a route: an automatic OPTIONS answer, a guard or a file server in a mount, or nothing that matched.
  function ofMount(trail: ExpressTrail, { req, path, status }: Arrival): string | undefined {
    if (status === 404) return undefined;
    const asked = req.method === "OPTIONS" ? anyRouteTemplate(trail.apps, path) : undefined;
    const found = asked ?? (trail.mount === "" ? undefined : mountTemplate(trail.apps, path, trail.mount.length));
    return found && bound(found.template);
  }

  return (trail, arrival) => {
    const { route, app } = arrival.req;
    // Express 4 changes `app` only after it wrote `baseUrl`.
    trail.entered("", app);
    if (route === undefined) return ofMount(trail, arrival);
    return known.get(route) ?? ofRoute(trail, arrival.path, route);
  };
}
