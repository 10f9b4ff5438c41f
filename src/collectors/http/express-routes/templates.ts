import { boundedValues } from "../../../bounded.js";
import { type LayerLike, type RouteLike, stackOf, templateOf } from "./layers.js";
import {
  type ExpressAppLike,
  joinTemplates,
  mountTemplate,
  routeTemplate,
  targetTemplate,
} from "./routes.js";

/** What is known of a request when its route is asked for. */
export interface Arrival {
  /** The app that the request came in by. */
  readonly app: ExpressAppLike | undefined;
  /** The app that had it last: a sub-app, unless an error made Express take it back. */
  readonly lastApp: ExpressAppLike | undefined;
  /** What the router put on the request: the route that matched last. */
  readonly route: RouteLike | undefined;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A template that holds until its app is given another layer: a second mount of the route's router, say. */
interface Known {
  readonly template: string;
  readonly app: ExpressAppLike | undefined;
  readonly layers: number;
}

// Templates worked out of a mount that does not show its own may hold text of the path: a RegExp among alternatives, `+`.
const MAX_WORKED_OUT = 500;

/** Makes the function that tells a request's route template from the routers of its app, remembering what cannot change. */
export function createTemplates(): (arrival: Arrival) => string | undefined {
  const known = new WeakMap<RouteLike, Known>();
  // A sub-app hides behind a closure of its parent's: it is known from the first request that ended in it.
  const subApps = new Set<ExpressAppLike>();
  const bound = boundedValues(MAX_WORKED_OUT);

  function appsOf({ app, lastApp }: Arrival): readonly ExpressAppLike[] {
    if (lastApp !== undefined && lastApp !== app) subApps.add(lastApp);
    return app === undefined ? [...subApps] : [app, ...subApps];
  }

  function ofRoute(arrival: Arrival, route: RouteLike): string {
    const apps = appsOf(arrival);
    const found = routeTemplate(apps, arrival.path, route);
    if (found === undefined)
      return bound(joinTemplates(mountTemplate(apps, arrival.path)?.template ?? "", templateOf(route.path)));
    if (!found.fixed) return bound(found.template);
    const { app } = arrival;
    if (countPlaces(apps, route) === 1)
      known.set(route, { template: found.template, app, layers: layersOf(app) });
    return found.template;
  }

  // No route: a guard, a parser or a file server has answered, Express itself to OPTIONS, or nothing matched.
  function ofTarget(arrival: Arrival): string | undefined {
    if (arrival.status === 404) return undefined;
    const apps = appsOf(arrival);
    const found = targetTemplate(apps, arrival.path, arrival.method) ?? mountTemplate(apps, arrival.path);
    return found && bound(found.template);
  }

  return (arrival) => {
    const { route, app } = arrival;
    if (route === undefined) return ofTarget(arrival);
    const found = known.get(route);
    if (found !== undefined && found.app === app && found.layers === layersOf(app)) return found.template;
    return ofRoute(arrival, route);
  };
}

function layersOf(app: ExpressAppLike | undefined): number {
  return stackOf(app)?.length ?? 0;
}

// In how many places of the apps' trees a route stands.
function countPlaces(apps: readonly ExpressAppLike[], route: RouteLike): number {
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
