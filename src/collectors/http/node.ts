import type { Collector, Detach } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import { contexts } from "../../tracing/context.js";
import type { Framework } from "./server/exchange.js";
import type { HttpServer } from "./server/server.js";
import type { RequestLike, ResponseLike } from "./targets/shapes.js";

/** A server of node:http, https or http2. */
export interface ServerLike {
  emit(event: string | symbol, ...args: unknown[]): boolean;
  listen(...args: never[]): unknown;
  readonly listening: boolean;
}

// What node:http emits for a request; the last two only where someone listens for them.
const REQUEST_EVENTS = new Set<string | symbol>(["request", "checkContinue", "checkExpectation"]);

/** Observes a server of node:http, https or http2 whatever handles its requests: `obs.instrument(server)`. */
export const node: Collector<ServerLike, object, "http"> = {
  name: "node",
  domain: "http",
  supports: ">=20.19",

  matches(value): value is ServerLike {
    return looksLike<ServerLike>(
      value,
      (server) =>
        ("headersTimeout" in server || "updateSettings" in server) &&
        typeof server.emit === "function" &&
        typeof server.listen === "function" &&
        "listening" in server,
    );
  },

  attach(server, scope) {
    return observeServer(server, scope.domain.server);
  },
};

/** Shadows `emit` on the one server, so that the exchange and its context begin before any listener. */
export function observeServer(server: ServerLike, http: HttpServer): Detach {
  let attached = true;
  const emit = server.emit;
  function observed(this: ServerLike, event: string | symbol, ...args: unknown[]): boolean {
    const exchange =
      attached && REQUEST_EVENTS.has(event)
        ? http.begin(args[0] as RequestLike, args[1] as ResponseLike)
        : undefined;
    if (exchange?.context === undefined) return emit.call(this, event, ...args);
    return contexts.run(exchange.context, emit, this, event, ...args);
  }
  const restore = shadow(server, "emit", observed);
  return () => {
    attached = false;
    restore();
  };
}

/** A request listener of node:http; `Req` and `Res` are those of whichever server it is given to. */
export type RequestListener<Req, Res> = (req: Req, res: Res) => unknown;

/** The listener behind `obs.http(handler)`. What the handler throws or rejects goes where it went before. */
export function observeHandler<Req, Res>(
  http: HttpServer,
  handler: RequestListener<Req, Res>,
  framework?: Framework,
): RequestListener<Req, Res> {
  return function telltale(this: unknown, req, res) {
    const exchange = http.begin(req as RequestLike, res as ResponseLike, framework);
    if (exchange?.context === undefined) return handler.call(this, req, res);
    return contexts.run(exchange.context, handler, this, req, res);
  };
}
