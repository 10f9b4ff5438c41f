import type { DomainKit, Guard } from "../../../collector.js";
import { RequestContext } from "../../../tracing/context.js";
import { methodLabeller } from "../labels/method.js";
import type { HttpSettings } from "../settings.js";
import type { RequestLike, ResponseLike } from "../targets/shapes.js";
import { createClientIp } from "./client-ip.js";
import { Exchange, type ExchangeListener, type Framework } from "./exchange.js";
import { compileExclude } from "./exclude.js";
import { noteFault } from "./fault.js";
import { createListener, leaveGauges } from "./listener.js";
import { createServerMetrics } from "./metrics.js";
import { requestIdOf } from "./request-id.js";
import { createSlots, EXCLUDED } from "./slots.js";
import { parentOf, startServerSpan } from "./span.js";
import { createTap } from "./tap.js";

/** The server side of the HTTP vocabulary: what a framework's collector speaks to. */
export interface HttpServer {
  /** Begins the exchange of a request, or returns the one begun further out; undefined for an excluded request. */
  begin(req: RequestLike, res: ResponseLike, framework?: Framework): Exchange | undefined;
  /** The exchange of a request, when one is open. */
  find(req: object): Exchange | undefined;
  /** Leaves the responses of a prototype alone again: their app is observed no more. */
  release(responses: ResponseLike): void;
  /** Drops a request from every signal: it was the observer's own. */
  forget(req: object): void;
  /** Lets new requests pass unseen; the open ones still end well. */
  close(): void;
}

/** Told of each request that is not known yet, excluded ones too. */
export type OnRequest = (req: RequestLike) => void;

/** Makes the server side: the one place where an exchange begins. */
export function createHttpServer(kit: DomainKit, settings: HttpSettings, onRequest?: OnRequest): HttpServer {
  const slots = createSlots();
  const tap = createTap(slots);
  const excluded = compileExclude(settings.exclude, kit.guard);
  const methodOf = methodLabeller(settings.methods);
  const metrics = createServerMetrics(kit, settings);
  const { headersSent, closed } = createListener(kit, settings, metrics);
  const listener: ExchangeListener = {
    headersSent,
    closed(exchange) {
      slots.release(exchange);
      closed(exchange);
    },
  };
  const ipOf = createClientIp(settings.accessLog ? settings.clientAddress : "none");
  const openContext = createContextOpener(kit, settings.requestIdHeader.toLowerCase());
  let open = true;

  function begin(req: RequestLike, res: ResponseLike, framework?: Framework): Exchange | undefined {
    const known = slots.get(req);
    if (known !== undefined) return known === EXCLUDED ? undefined : resume(known, framework);
    if (!open || isOver(req, res)) return undefined;
    onRequest?.(req);
    if (excluded?.(req)) return void slots.put(req, EXCLUDED);
    const method = methodOf(req.method);
    const context = openContext(req, res, method);
    const exchange = new Exchange({ req, res, method, framework, context, clientIp: ipOf(req) }, listener);
    slots.put(req, exchange);
    tap(exchange);
    exchange.inFlight = metrics.inFlight(method);
    exchange.inFlight.inc();
    return exchange;
  }

  function forget(req: object): void {
    const exchange = slots.find(req);
    if (exchange === undefined || exchange.done) return;
    exchange.done = true;
    leaveGauges(exchange);
  }

  return {
    begin: guarded(kit.guard, begin),
    find: slots.find,
    release: tap.release,
    forget,
    close: () => void (open = false),
  };
}

// No closure for each request: only a fault goes through the guard.
function guarded(guard: Guard, begin: HttpServer["begin"]): HttpServer["begin"] {
  return (req, res, framework) => {
    try {
      return begin(req, res, framework);
    } catch (error) {
      return noteFault(guard, error);
    }
  };
}

// A framework inside a plain server: the exchange has begun, the route comes from the framework.
function resume(exchange: Exchange, framework: Framework | undefined): Exchange {
  exchange.framework ??= framework;
  return exchange;
}

// It goes on to a handler although its client has left: nothing of it can be observed any more. A response of HTTP/2
// calls itself finished before it has begun where it may have no body (HEAD).
function isOver({ httpVersion, socket }: RequestLike, res: ResponseLike): boolean {
  return httpVersion !== "2.0" && (socket?.destroyed === true || res.writableFinished === true);
}

// A context is kept for whoever reads it: spans, log lines, and calls that pass a caller's ids on. On Node 20 and 22 the
// mere use of one costs a request about 15 µs.
function createContextOpener(
  kit: DomainKit,
  idHeader: string,
): (req: RequestLike, res: ResponseLike, method: string) => RequestContext | undefined {
  return (req, res, method) => {
    const isNeeded = kit.needsContext() || kit.propagation.namesTrace(req.headers);
    if (!isNeeded && idHeader === "") return undefined;
    const requestId = requestIdOf(req.headers[idHeader]);
    if (idHeader !== "" && !res.headersSent) res.setHeader(idHeader, requestId);
    if (!isNeeded) return undefined;
    const parent = parentOf(req.headers, kit.propagation);
    return new RequestContext(parent, startServerSpan(kit, { req, method }, parent), requestId);
  };
}
