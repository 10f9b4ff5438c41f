import type { Collector, Detach } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { contexts } from "../../tracing/context.js";
import { observeServer, type ServerLike } from "./node.js";
import type { HttpServer } from "./server/server.js";
import type { RequestLike, ResponseLike } from "./targets/shapes.js";

interface FastifyRequestLike {
  readonly raw: RequestLike;
  /** Its `url` is undefined where nothing matched. */
  readonly routeOptions?: { readonly url?: string | undefined };
}

interface FastifyReplyLike {
  readonly raw: ResponseLike;
}

type Done = (error?: Error) => void;

/** A Fastify 4 or 5 instance. */
export interface FastifyLike {
  readonly server: ServerLike;
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: Done) => void,
  ): unknown;
  addHook(
    name: "onSend",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, payload: unknown, done: Done) => void,
  ): unknown;
  addHook(
    name: "onError",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, error: Error, done: Done) => void,
  ): unknown;
  register(...args: never[]): unknown;
}

type Plugin = (instance: object, options: object, done: (error?: Error) => void) => void;

/** Observes a Fastify instance: `obs.instrument(app)` before its routes are declared, as for any Fastify hook. */
export const fastify: Collector<FastifyLike, object, "http"> = {
  name: "fastify",
  domain: "http",
  supports: ">=4.10 <6",

  matches(value): value is FastifyLike {
    return looksLike<FastifyLike & { decorateReply: unknown }>(
      value,
      (app) =>
        typeof app === "object" &&
        typeof app.addHook === "function" &&
        typeof app.decorateReply === "function" &&
        typeof app.register === "function",
    );
  },

  attach(app, scope) {
    return observeFastify(app, scope.domain.server);
  },
};

/** The plugin behind `app.register(obs.fastify)`; not encapsulated, so that it sees every route. */
export function fastifyPlugin(server: HttpServer, attached: (detach: Detach) => void): Plugin {
  function telltale(instance: object, _options: object, done: () => void): void {
    attached(observeFastify(instance as FastifyLike, server));
    done();
  }
  return Object.assign(telltale, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "telltale",
  });
}

/** Observes one instance through its hooks, and its server, which answers a malformed URL before any of them. */
export function observeFastify(app: FastifyLike, server: HttpServer): Detach {
  let attached = true;
  app.addHook("onRequest", (request, reply, done) => {
    if (!attached || isUpgrade(request.raw, server)) return done();
    // Begins here only under inject(), which goes past the server.
    const exchange = server.begin(request.raw, reply.raw);
    if (exchange === undefined) return done();
    exchange.template ??= request.routeOptions?.url;
    if (exchange.context === undefined || contexts.active() === exchange.context) return done();
    contexts.run(exchange.context, done);
  });
  // A hook registered before ours that replies itself leaves our onRequest out, but not this one.
  // biome-ignore lint/complexity/useMaxParams: Fastify's signature
  app.addHook("onSend", (request, _reply, _payload, done) => {
    const exchange = server.find(request.raw);
    if (exchange !== undefined) exchange.template ??= request.routeOptions?.url;
    done();
  });
  // biome-ignore lint/complexity/useMaxParams: Fastify's signature
  app.addHook("onError", (request, _reply, error, done) => {
    const exchange = server.find(request.raw);
    if (exchange !== undefined) exchange.error = error;
    done();
  });

  // Last, for addHook() throws when the app has started. The server too: Fastify answers a malformed URL before any hook.
  const release = observeServer(app.server, server);

  return () => {
    attached = false;
    release();
  };
}

// Sent through the routes by a listener of its own, as @fastify/websocket does: a response that nobody will end.
function isUpgrade(raw: RequestLike, server: HttpServer): boolean {
  return raw.headers.upgrade !== undefined && server.find(raw) === undefined;
}
