import {
  type Context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { contexts } from "./context.js";
import { foreign } from "./globals.js";
import { createIds } from "./ids.js";
import { isUndecided, undecided } from "./undecided.js";

type SpanContextOf = (parent: SpanContext | undefined) => SpanContext;

/**
 * A tracer that records nothing but gives every span an id, so that logs and outgoing requests have one.
 * Where the service runs an OpenTelemetry SDK of its own, spans are started there.
 */
export function createIdTracer(): Tracer {
  const ids = createIds();
  const own = nonRecording((parent) => {
    if (parent === undefined) return undecided(ids.traceId(), ids.spanId());
    const { traceId, traceFlags, traceState } = parent;
    if (isUndecided(parent)) return undecided(traceId, ids.spanId());
    return { traceId, spanId: ids.spanId(), traceFlags, ...(traceState && { traceState }) };
  });
  return activating((name, options, ctx = contexts.active()) => {
    const provider = foreign("trace");
    return (provider?.getTracer("telltale") ?? own).startSpan(name, options, ctx);
  });
}

/** A tracer that does nothing; a caller's ids pass through. */
export function createNoopTracer(): Tracer {
  return nonRecording((parent) => parent ?? INVALID_SPAN_CONTEXT);
}

function nonRecording(contextOf: SpanContextOf): Tracer {
  return activating((_name, options, ctx = contexts.active()) => {
    const parent = options?.root === true ? undefined : trace.getSpanContext(ctx);
    return trace.wrapSpanContext(
      contextOf(parent !== undefined && isSpanContextValid(parent) ? parent : undefined),
    );
  });
}

function activating(startSpan: Tracer["startSpan"]): Tracer {
  return {
    startSpan,
    startActiveSpan<F extends (span: Span) => unknown>(
      name: string,
      ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
    ): ReturnType<F> {
      const fn = rest[rest.length - 1] as F;
      const options = rest.length === 1 ? undefined : rest[0];
      const ctx = rest.length === 3 ? rest[1] : contexts.active();
      const span = startSpan(name, options, ctx);
      return contexts.run(trace.setSpan(ctx, span), fn, undefined, span) as ReturnType<F>;
    },
  };
}
