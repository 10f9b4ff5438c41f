import { type Span, TraceFlags } from "@opentelemetry/api";

/** The ids by which a metric leads to a trace; OpenMetrics and Grafana know these names. */
export interface TraceExemplar {
  readonly trace_id: string;
  readonly span_id: string;
  readonly [label: string]: string;
}

/** The exemplar of a number that was recorded for a span; undefined where the span will be found nowhere. */
export type ExemplarOf = (span: Span | undefined) => TraceExemplar | undefined;

/** Makes it. Off, it answers undefined: nothing is exported, or exemplars are not wanted. */
export function createExemplarOf(isOn: boolean): ExemplarOf {
  if (!isOn) return () => undefined;
  return (span) => {
    const ids = span?.spanContext();
    if (ids === undefined || (ids.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
    return { trace_id: ids.traceId, span_id: ids.spanId };
  };
}
