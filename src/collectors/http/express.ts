import type { IncomingMessage, ServerResponse } from "node:http";
import type { Collector, Detach } from "../../collector.js";
import { contexts } from "../../tracing/context.js";
import type { Exchange } from "./exchange.js";
import { requestRoot, watchBaseUrl } from "./express-base-url.js";
import type { ExpressAppLike } from "./express-routes.js";
import { createTemplates, type ExpressRequestLike, ExpressTrail } from "./express-trail.js";
import type { HttpServer } from "./server.js";
import { pathOf, type RequestLike, type ResponseLike } from "./shapes.js";

type Request = RequestLike & ExpressRequestLike & { [key: symbol]: ExpressTrail | undefined };
type Handle = (req: Request, res: ResponseLike, next?: unknown) => unknown;

/** An Express 4 or 5 application. */
export interface ExpressApp extends ExpressAppLike {
  (req: never, res: never): unknown;
  handle: Handle;
  readonly request: object;
}

type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

interface Binding {
  /** Begins the exchange of a request; undefined when it is excluded. */
  begin(req: Request, res: ResponseLike): Exchange | undefined;
  /** Hears of the mounts that the requests of an app enter; `request` is the app's. */
  watch(request: object): void;
  detach: Detach;
}

/** Observes an Express app as a whole: `obs.instrument(app)`, before or after its routes are declared. */
export const express: Collector<ExpressApp, object, "http"> = {
  name: "express",
  domain: "http",
  supports: ">=4.18 <6",

  matches(value): value is ExpressApp {
    if (typeof value !== "function") return false;
    const app = value as Partial<ExpressApp> & { set?: unknown; response?: unknown };
    return typeof app.handle === "function" && typeof app.set === "function" && isObject(app.request) && isObject(app.response);
  },

  attach(app, scope) {
    const binding = bind(scope.domain.server);
    const own = Object.getOwnPropertyDescriptor(app, "handle");
    const handle = app.handle;
    const observed: Handle = function (this: unknown, req, res, next) {
      const exchange = binding.begin(req, res);
      if (exchange === undefined) return handle.call(this, req, res, next);
      // Express does so too, but Express 4 only after it has written `baseUrl`: an own value would hide the accessor.
      if (!("baseUrl" in req)) Object.setPrototypeOf(req, app.request);
      return contexts.run(exchange.context, handle, this, req, res, next);
    };
    binding.watch(app.request);
    app.handle = observed;
    return () => {
      binding.detach();
      if (app.handle !== observed) return;
      if (own === undefined) Reflect.deleteProperty(app, "handle");
      else Object.defineProperty(app, "handle", own);
    };
  },
};

/** The middleware behind `obs.express()`: to be the first of the app. */
export function expressMiddleware(server: HttpServer): { middleware: Middleware; detach: Detach } {
  const binding = bind(server);
  function telltale(req: Request, res: ResponseLike, next: () => void): void {
    const exchange = binding.begin(req, res);
    if (exchange === undefined) return next();
    if (req.app?.request !== undefined) binding.watch(req.app.request);
    adoptBaseUrl(req);
    contexts.run(exchange.context, next);
  }
  return { middleware: telltale as unknown as Middleware, detach: binding.detach };
}

function bind(server: HttpServer): Binding {
  const key = Symbol("telltale.trail");
  const templates = createTemplates();
  const seen = new WeakSet<object>();
  const watched = new Map<object, Detach>();

  function watcher(req: object, baseUrl: string): void {
    (req as Request)[key]?.entered(baseUrl, (req as Request).app);
  }

  function routeOf({ req, res }: Exchange): string | undefined {
    const trail = (req as Request)[key];
    return trail && templates(trail, { req: req as Request, path: pathOf(req), status: res.statusCode });
  }

  return {
    begin(req, res) {
      const exchange = server.begin(req, res, routeOf);
      if (exchange !== undefined) req[key] ??= new ExpressTrail(req.app);
      return exchange;
    },
    watch(request) {
      if (seen.has(request)) return;
      seen.add(request);
      const root = requestRoot(request);
      if (!watched.has(root)) watched.set(root, watchBaseUrl(root, watcher));
    },
    detach() {
      for (const undo of watched.values()) undo();
      watched.clear();
    },
  };
}

// Express 4 wrote `baseUrl` before the request inherited from the app, and Express 5 before the app was watched.
function adoptBaseUrl(req: Request): void {
  if (!Object.hasOwn(req, "baseUrl")) return;
  const { baseUrl } = req;
  Reflect.deleteProperty(req, "baseUrl");
  (req as { baseUrl: string | undefined }).baseUrl = baseUrl;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
