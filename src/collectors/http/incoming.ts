import { type ChannelHandlers, type ChannelModule, isChannelModule, listenTo } from "../../channels.js";
import type { Collector } from "../../collector.js";
import { contexts } from "../../tracing/context.js";
import { lateExpress } from "./express.js";
import { observeFastify } from "./fastify.js";
import type { HttpServer } from "./server/server.js";
import type { RequestLike, ResponseLike } from "./targets/shapes.js";

type FastifyLike = Parameters<typeof observeFastify>[0];

interface Message {
  readonly request: RequestLike;
  readonly response: ResponseLike;
  readonly server: object;
  readonly fastify: FastifyLike;
  /** Of Express. */
  readonly req: object;
  readonly error: unknown;
}

/** Which servers are left alone. */
export interface IncomingOptions {
  readonly ignores?: (server: object) => boolean;
}

/**
 * Observes every server of node:http and node:https in the process through Node's own channel, with the routes of Express
 * and Fastify: `obs.use(incoming, diagnosticsChannel)`. Nothing is shadowed but what a new Fastify
 * instance offers hooks for.
 */
export const incoming: Collector<ChannelModule, IncomingOptions, "http"> = {
  name: "incoming",
  domain: "http",
  supports: ">=20.19",

  matches: isChannelModule,

  attach(_module, scope, options) {
    let attached = true;
    const { server } = scope.domain;
    // Hooks cannot be taken from a Fastify instance again: they go through a door that can be shut.
    const gated: HttpServer = {
      ...server,
      begin: (...request) => (attached ? server.begin(...request) : undefined),
      find: (request) => (attached ? server.find(request) : undefined),
    };
    const unlisten = listenTo(scope.guard, "http", createHandlers(gated, options));
    return () => {
      attached = false;
      unlisten();
    };
  },
};

function createHandlers(http: HttpServer, { ignores }: IncomingOptions): ChannelHandlers<Message> {
  const express = lateExpress();
  return {
    "http.server.request.start"({ request, response, server }) {
      // On a connection that is kept, what the request before has entered is still active.
      contexts.enter(undefined);
      if (ignores?.(server) === true) return;
      contexts.enter(http.begin(request, response, express)?.context);
    },
    "tracing:express.router.request:error"({ req, error }) {
      const exchange = http.find(req);
      if (exchange !== undefined) exchange.error = error;
    },
    "fastify.initialization"({ fastify }) {
      observeFastify(fastify, http);
    },
  };
}
