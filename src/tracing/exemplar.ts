import type { Span } from "@opentelemetry/api";

/** The ids by which a metric leads to a trace; OpenMetrics and Grafana know these names. */
export interface TraceExemplar {
  readonly trace_id: string;
  readonly span_id: string;
  readonly [label: string]: string;
}

/** The exemplar of a number that was recorded for a span; undefined where the span will be found nowhere. */
export type ExemplarOf = (span: Span | undefined) => TraceExemplar | undefined;

/** Makes it from what tells whether a span leaves the process; undefined for never: nothing is exported, or exemplars are not wanted. */
export function createExemplarOf(isKept: ((span: Span) => boolean) | undefined): ExemplarOf {
  if (isKept === undefined) return () => undefined;
  return (span) => {
    if (span === undefined || !isKept(span)) return undefined;
    const { traceId, spanId } = span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  };
}
