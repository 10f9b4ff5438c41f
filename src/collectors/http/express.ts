import type { IncomingMessage, ServerResponse } from "node:http";
import type { Collector } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import { contexts } from "../../tracing/context.js";
import type { RouteLike } from "./express-routes/layers.js";
import type { ExpressAppLike } from "./express-routes/routes.js";
import { createTemplates } from "./express-routes/templates.js";
import type { Exchange, Framework } from "./server/exchange.js";
import type { HttpServer } from "./server/server.js";
import { pathOf, type RequestLike, type ResponseLike } from "./targets/shapes.js";

/** An Express request, as far as routing shows on it. */
interface Request extends RequestLike {
  readonly app?: ExpressAppLike;
  readonly route?: RouteLike;
}

type Handle = (req: Request, res: ResponseLike, next?: unknown) => unknown;

/** An Express 4 or 5 application. */
export interface ExpressApp extends ExpressAppLike {
  (req: never, res: never): unknown;
  handle: Handle;
}

type Next = (error?: unknown) => void;
type Middleware = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

type ErrorHandler = (
  ...args: [error: unknown, req: IncomingMessage, res: ServerResponse, next: Next]
) => void;

/** Begins the exchange of a request that came in by `app`; undefined when it is excluded. */
type Begin = (req: Request, res: ResponseLike, app: ExpressAppLike | undefined) => Exchange | undefined;

/** Observes an Express app as a whole: `obs.instrument(app)`, before or after its routes are declared. */
export const express: Collector<ExpressApp, object, "http"> = {
  name: "express",
  domain: "http",
  supports: ">=4.18 <6",

  matches(value): value is ExpressApp {
    if (typeof value !== "function") return false;
    return looksLike<ExpressApp & { set: unknown; request: unknown; response: unknown }>(
      value,
      (app) =>
        typeof app.handle === "function" &&
        typeof app.set === "function" &&
        isObject(app.request) &&
        isObject(app.response),
    );
  },

  attach(app, scope) {
    const begin = createBegin(scope.domain.server);
    let attached = true;
    const handle = app.handle;
    const observed: Handle = (req, res, next) => {
      const exchange = attached ? begin(req, res, app) : undefined;
      if (exchange?.context === undefined) return handle.call(app, req, res, next);
      return contexts.run(exchange.context, handle, app, req, res, next);
    };
    const restore = shadow(app, "handle", observed);
    return () => {
      attached = false;
      restore();
      const { response } = topOf(app) ?? app;
      if (response !== undefined) scope.domain.server.release(response);
    };
  },
};

/** The middleware behind `obs.express()`: to be the first of the app. */
export function expressMiddleware(server: HttpServer): Middleware {
  const begin = createBegin(server);
  function telltale(req: Request, res: ResponseLike, next: () => void): void {
    const exchange = begin(req, res, req.app);
    if (exchange?.context === undefined) return next();
    contexts.run(exchange.context, next);
  }
  return telltale as unknown as Middleware;
}

/**
 * The error handler behind `obs.expressErrors()`: after the routes and before the service's own error handlers. Express
 * shows an error to error handlers alone; this one notes it for the span and the access log, and passes it on.
 */
export function expressErrorHandler(server: HttpServer): ErrorHandler {
  // biome-ignore lint/complexity/useMaxParams: Express tells error handlers by their four parameters
  return function telltaleErrors(error, req, _res, next) {
    const exchange = server.find(req);
    if (exchange !== undefined) exchange.error = error;
    next(error);
  };
}

function createBegin(server: HttpServer): Begin {
  const templates = createTemplates();
  const frameworks = new WeakMap<object, Framework>();

  function frameworkOf(app: ExpressAppLike): Framework {
    const known = frameworks.get(app);
    if (known !== undefined) return known;
    const framework = createFramework(templates, app);
    frameworks.set(app, framework);
    return framework;
  }

  const appless = createFramework(templates, undefined);
  return (req, res, app) => server.begin(req, res, app === undefined ? appless : frameworkOf(app));
}

// What a request that came in by `app` can be asked.
function createFramework(
  templates: ReturnType<typeof createTemplates>,
  app: ExpressAppLike | undefined,
): Framework {
  return {
    routeOf({ req, res, method }) {
      const { route, app: lastApp } = req as Request;
      return templates({ app, lastApp, route, method, path: pathOf(req), status: res.statusCode });
    },
    responsesOf: (req) => topOf((req as Request).app ?? app)?.response,
  };
}

/** What asks an Express app that shows on the request only once it is handled; for servers observed from outside. */
export function lateExpress(): Framework {
  const templates = createTemplates();
  return {
    routeOf(exchange) {
      const { app } = exchange.req as Request;
      if (!express.matches(app)) return undefined;
      return createFramework(templates, topOf(app)).routeOf(exchange);
    },
  };
}

// The responses of a sub-app inherit from those of its parent, and go back to them.
function topOf(app: ExpressAppLike | undefined): ExpressAppLike | undefined {
  let top = app;
  while (top?.parent !== undefined) top = top.parent;
  return top;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
