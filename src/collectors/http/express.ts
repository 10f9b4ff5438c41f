import type { IncomingMessage, ServerResponse } from "node:http";
import type { Collector, Detach } from "../../collector.js";
import { contexts } from "../../tracing/context.js";
import type { Exchange } from "./exchange.js";
import type { ExpressAppLike } from "./express-routes.js";
import { createBaseUrlWatch, createTemplates, type ExpressRequestLike, ExpressTrail } from "./express-trail.js";
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
  watch(proto: object): void;
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
  const watched = new Map<object, Detach>();
  const watch = createBaseUrlWatch((req) => (req as Request)[key]);

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
    watch(proto) {
      if (!watched.has(proto)) watched.set(proto, watch(proto));
    },
    detach() {
      for (const undo of watched.values()) undo();
      watched.clear();
    },
  };
}

// Express had written `baseUrl` on the very first request itself, before its app was watched.
function adoptBaseUrl(req: Request): void {
  if (!Object.hasOwn(req, "baseUrl")) return;
  const { baseUrl } = req;
  Reflect.deleteProperty(req, "baseUrl");
  (req as { baseUrl: string | undefined }).baseUrl = baseUrl;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
