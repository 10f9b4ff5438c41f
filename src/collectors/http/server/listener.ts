import type { DomainKit } from "../../../collector.js";
import { contexts } from "../../../tracing/context.js";
import type { HttpSettings } from "../settings.js";
import { writeAccessLog } from "./access-log.js";
import type { Exchange, ExchangeListener } from "./exchange.js";
import { noteFault } from "./fault.js";
import type { ServerMetrics } from "./metrics.js";
import { verdictOf } from "./outcome.js";
import { endServerSpan } from "./span.js";
import { announcesStream, provedStream } from "./streams.js";

/** Makes what writes the three signals of an exchange: metrics, span and log line follow one decision. */
export function createListener(
  kit: DomainKit,
  settings: HttpSettings,
  metrics: ServerMetrics,
): ExchangeListener {
  function finish(exchange: Exchange): void {
    const verdict = verdictOf(exchange.req, exchange.res);
    if (provedStream(exchange, settings.streamAfterMs)) exchange.streaming = true;
    if (hasNoBody(exchange)) exchange.sentBytes = 0;
    exchange.settleRoute();
    const { context } = exchange;
    // Before the metrics: whether its trace is kept, and thus an exemplar, may be decided by its end.
    if (context?.span !== undefined) endServerSpan(context.span, exchange, verdict);
    metrics.record(exchange, verdict);
    if (settings.accessLog && context !== undefined)
      contexts.run(context, writeAccessLog, undefined, kit.log, exchange, verdict);
  }

  return {
    headersSent(exchange) {
      if (!announcesStream(exchange)) return;
      exchange.streaming = true;
      exchange.streams = metrics.streams(exchange);
      exchange.streams.inc();
    },
    closed(exchange) {
      leaveGauges(exchange);
      try {
        finish(exchange);
      } catch (error) {
        noteFault(kit.guard, error);
      }
    },
  };
}

/** Takes an exchange out of the gauges it stands in. */
export function leaveGauges(exchange: Exchange): void {
  exchange.inFlight?.dec();
  exchange.streams?.dec();
}

function hasNoBody({ method, res }: Exchange): boolean {
  return method === "HEAD" || res.statusCode === 204 || res.statusCode === 304;
}
