import { type SpanContext, TraceFlags } from "@opentelemetry/api";

const UNDECIDED: symbol = Symbol.for("telltale.undecided");

/**
 * The ids of a trace that began here without a decision to sample it. They are for logs: sent on, the flag `00` would
 * make every service behind this one drop the trace, and `01` make every one keep it.
 */
export function undecided(traceId: string, spanId: string): SpanContext {
  return Object.defineProperty({ traceId, spanId, traceFlags: TraceFlags.NONE }, UNDECIDED, { value: true });
}

/** True for ids that are not to be propagated. */
export function isUndecided(span: SpanContext): boolean {
  return UNDECIDED in span;
}
