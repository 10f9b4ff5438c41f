import type { IncomingMessage, ServerResponse } from "node:http";
import { boundedValues } from "../../bounded.js";
import type { Detach, Guard } from "../../collector.js";
import { expressErrorHandler, expressMiddleware } from "./express.js";
import { fastifyPlugin } from "./fastify.js";
import { observeHandler } from "./node.js";
import type { Framework } from "./server/exchange.js";
import type { HttpServer } from "./server/server.js";

/** Express middleware, typed by what every version of Express passes. */
export type ExpressMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** An Express error handler. */
export type ExpressErrorHandler = (
  ...args: [error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void]
) => void;

/** A Fastify plugin, typed by what every version of Fastify passes. */
export type FastifyPlugin = (instance: object, options: object, done: (error?: Error) => void) => void;

/** Options of `obs.http(handler)`. */
export interface HttpHandlerOptions<Req> {
  /** The route template of a request, e.g. `/users/:id`, when it has one. Asked once the response has closed. */
  readonly route?: (req: Req) => string | undefined;
}

/** The one-line registrations of HTTP servers. */
export interface HttpFace {
  /** Middleware for Express 4 and 5, to be the first: `app.use(obs.express())`. */
  express(): ExpressMiddleware;
  /** Optional, after the routes and before error handlers of your own: puts what was thrown on the span and in the access log. */
  expressErrors(): ExpressErrorHandler;
  /** Plugin for Fastify 4 and 5, before the routes: `await app.register(obs.fastify)`. */
  readonly fastify: FastifyPlugin;
  /** Wraps a request listener of node:http, https or http2: `http.createServer(obs.http(handler))`. */
  http<Req extends object = IncomingMessage, Res extends object = ServerResponse>(
    handler: (req: Req, res: Res) => unknown,
    options?: HttpHandlerOptions<Req>,
  ): (req: Req, res: Res) => void;
  /** Names the route of a request by hand, where no router does. At most 500 distinct templates are kept. */
  setRoute(req: object, template: string): void;
}

// Templates that code gives are bounded like any label value: a raw path given by mistake must not fill the memory.
const MAX_TEMPLATES = 500;

/** Makes the registrations over one server vocabulary. `attached` is told how to undo each. */
export function createHttpFace(
  server: HttpServer,
  guard: Guard,
  attached: (detach: Detach) => void,
): HttpFace {
  const bound = boundedValues(MAX_TEMPLATES);

  function routed<Req>(route: HttpHandlerOptions<Req>["route"]): Framework | undefined {
    if (route === undefined) return undefined;
    return {
      routeOf({ req }) {
        const template = guard("http.route", () => route(req as Req));
        return template === undefined ? undefined : bound(template);
      },
    };
  }

  return {
    express: () => expressMiddleware(server),
    expressErrors: () => expressErrorHandler(server),
    fastify: fastifyPlugin(server, attached),
    http: (handler, options = {}) => observeHandler(server, handler, routed(options.route)),
    setRoute(req, template) {
      const exchange = server.find(req);
      if (exchange !== undefined) exchange.template = bound(template);
    },
  };
}
