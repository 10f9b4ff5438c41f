import type { GaugeHandle } from "../../../metrics/types.js";
import type { RequestContext } from "../../../tracing/context.js";
import type { RequestLike, ResponseLike } from "../targets/shapes.js";

/** Answers the route template of an exchange when it is asked for, which is when the router has decided. */
export type RouteOf = (exchange: Exchange) => string | undefined;

/** What a framework knows of the requests that it passes on. */
export interface Framework {
  readonly routeOf: RouteOf;
  /** The prototype that all responses of the request's app have, where the framework gives them one. */
  responsesOf?(req: RequestLike): ResponseLike | undefined;
}

/** Hears of the turning points of an exchange. */
export interface ExchangeListener {
  /** The response headers have just left. */
  headersSent(exchange: Exchange): void;
  /** The response is closed, finished or not. */
  closed(exchange: Exchange): void;
}

/** What an exchange begins with. */
export interface ExchangeStart {
  readonly req: RequestLike;
  readonly res: ResponseLike;
  readonly method: string;
  readonly context: RequestContext | undefined;
  readonly framework: Framework | undefined;
  /** The client's address, as far as it may be told. */
  readonly clientIp: string | undefined;
}

/** One request and its response, from the first hook to the close of the response. */
export class Exchange {
  readonly req: RequestLike;
  readonly res: ResponseLike;
  /** Bounded by the method list. */
  readonly method: string;
  /** Undefined while nothing would read it. */
  readonly context: RequestContext | undefined;
  readonly listener: ExchangeListener;
  /** `performance.now()` at the first hook. */
  readonly startedAt: number;
  /** The client's address, as far as it may be told. */
  readonly clientIp: string | undefined;
  /** `performance.now()` when the headers left; 0 before. */
  headersAt = 0;
  /** `performance.now()` when the response closed; 0 before. */
  endedAt = 0;
  /** The headers that writeHead() was given, as they were given. */
  headers: unknown = undefined;
  /** Body bytes read from the socket. */
  receivedBytes = 0;
  /** Body bytes given to the socket. */
  sentBytes = 0;
  /** The framework that it came in by; the route is asked through {@link route}. */
  framework: Framework | undefined;
  /** True when its response is tapped through a prototype shared with others. */
  isShared = false;
  /** Set by the framework or the service; wins over what the framework answers. */
  template: string | undefined = undefined;
  /** Set when the body is an event stream or another open-ended one. */
  streaming = false;
  /** The gauges it stands in until it closes. */
  inFlight: GaugeHandle | undefined = undefined;
  streams: GaugeHandle | undefined = undefined;
  /** What the framework saw thrown, rejected or passed on. */
  error: unknown = undefined;
  /** Set when it was closed or forgotten: nothing more is recorded. */
  done = false;

  constructor(start: ExchangeStart, listener: ExchangeListener) {
    this.req = start.req;
    this.res = start.res;
    this.method = start.method;
    this.context = start.context;
    this.framework = start.framework;
    this.clientIp = start.clientIp;
    this.listener = listener;
    this.startedAt = performance.now();
  }

  /** The route template, or undefined where nothing matched. */
  route(): string | undefined {
    return this.template ?? this.framework?.routeOf(this);
  }

  /** Asks for the route a last time: what is recorded from here on agrees. */
  settleRoute(): void {
    this.template = this.route();
    this.framework = undefined;
  }

  /** Notes that the headers left, once. */
  headersOut(): void {
    if (this.headersAt !== 0) return;
    this.headersAt = performance.now();
    if (!this.done) this.listener.headersSent(this);
  }

  /** Notes the end, once. */
  close(): void {
    if (this.done) return;
    this.done = true;
    this.endedAt = performance.now();
    this.listener.closed(this);
  }
}
