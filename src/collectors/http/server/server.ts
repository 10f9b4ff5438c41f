import type { Tracer } from "@opentelemetry/api";
import type { DomainKit } from "../../../collector.js";
import { RequestContext } from "../../../tracing/context.js";
import { methodLabeller } from "../labels/method.js";
import type { HttpSettings } from "../settings.js";
import type { RequestLike, ResponseLike } from "../targets/shapes.js";
import { Exchange, type RouteOf } from "./exchange.js";
import { compileExclude } from "./exclude.js";
import { createListener, leaveGauges } from "./listener.js";
import { createServerMetrics } from "./metrics.js";
import { requestIdOf } from "./request-id.js";
import { parentOf, startServerSpan } from "./span.js";
import { createTap } from "./tap.js";

/** The server side of the HTTP vocabulary: what a framework's collector speaks to. */
export interface HttpServer {
  /** Begins the exchange of a request, or returns the one begun further out; undefined for an excluded request. */
  begin(req: RequestLike, res: ResponseLike, routeOf?: RouteOf): Exchange | undefined;
  /** The exchange of a request, when one is open. */
  find(req: object): Exchange | undefined;
  /** Drops a request from every signal: it was the observer's own. */
  forget(req: object): void;
  /** Lets new requests pass unseen; the open ones still end well. */
  close(): void;
}

/** Makes the server side: the one place where an exchange begins. */
export function createHttpServer(kit: DomainKit, settings: HttpSettings): HttpServer {
  const key = Symbol("telltale.exchange");
  const tap = createTap();
  const excluded = compileExclude(settings.exclude, kit.guard);
  const methodOf = methodLabeller(settings.methods);
  const metrics = createServerMetrics(kit.declare, settings, kit.guard);
  const listener = createListener(kit, settings, metrics);
  const openContext = createContextOpener(kit.tracer, settings.requestIdHeader.toLowerCase());
  let open = true;

  function begin(req: RequestLike, res: ResponseLike, routeOf?: RouteOf): Exchange | undefined {
    if (key in req) return resume(find(req), routeOf);
    if (!open) return undefined;
    const slot = req as unknown as { [key: symbol]: Exchange | undefined };
    slot[key] = undefined;
    if (excluded?.(req)) return undefined;
    const method = methodOf(req.method);
    const exchange = new Exchange(
      { req, res, method, routeOf, context: openContext(req, res, method) },
      listener,
    );
    slot[key] = exchange;
    tap(exchange);
    exchange.inFlight = metrics.inFlight(method);
    exchange.inFlight.inc();
    return exchange;
  }

  function find(req: object): Exchange | undefined {
    return (req as { [key: symbol]: Exchange | undefined })[key];
  }

  function forget(req: object): void {
    const exchange = find(req);
    if (exchange === undefined || exchange.done) return;
    exchange.done = true;
    leaveGauges(exchange);
  }

  return {
    begin: (req, res, routeOf) => kit.guard("http", () => begin(req, res, routeOf)),
    find,
    forget,
    close: () => void (open = false),
  };
}

// A framework inside a plain server: the exchange has begun, the route comes from the framework.
function resume(exchange: Exchange | undefined, routeOf: RouteOf | undefined): Exchange | undefined {
  if (exchange !== undefined && routeOf !== undefined) exchange.routeOf = routeOf;
  return exchange;
}

function createContextOpener(
  tracer: Tracer,
  idHeader: string,
): (req: RequestLike, res: ResponseLike, method: string) => RequestContext {
  return (req, res, method) => {
    const parent = parentOf(req.headers);
    const requestId = requestIdOf(req.headers[idHeader]);
    if (idHeader !== "" && !res.headersSent) res.setHeader(idHeader, requestId);
    return new RequestContext(parent, startServerSpan(tracer, method, parent), requestId);
  };
}
