import { SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { SpanCounts } from "../types.js";
import { createTailMemory, type TailMemory } from "./tail-memory.js";
import type { TailSampling } from "./types.js";

/** Why a trace was kept at its end; the value of `sampling.reason`. */
export type TailReason = "error" | "slow";

/** What decides at the end. */
export interface Tail {
  /** Stands between ended spans and `next`. */
  processor(next: SpanProcessor, counts: SpanCounts): SpanProcessor;
  /** True when the trace was kept at its end. */
  isKept(traceId: string): boolean;
  /** Lets go of all that is held. */
  close(): void;
}

const REASON = "sampling.reason";

/**
 * Holds the spans that the sampler left undecided until one fails or the local root turns out slow, and then lets the
 * trace go on, marked as sampled; a trace that ends well is dropped with its last local root.
 */
export function createTail(settings: TailSampling): Tail {
  const memory = createTailMemory(settings);
  return {
    processor: (next, counts) => createProcessor({ settings, memory, next, counts }),
    isKept: (traceId) => memory.reason(traceId) !== undefined,
    close: memory.clear,
  };
}

interface Parts {
  readonly settings: TailSampling;
  readonly memory: TailMemory;
  readonly next: SpanProcessor;
  readonly counts: SpanCounts;
}

function createProcessor({ settings, memory, next, counts }: Parts): SpanProcessor {
  const lose = (spans: number): void => void (counts.dropped.tail += spans);

  function decide(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const reason = memory.reason(traceId) ?? reasonOf(span, settings);
    if (reason === undefined) memory.hold(traceId, span);
    else {
      const held = memory.keep(traceId, reason);
      lose(held.lost);
      for (const each of [...held.spans, span]) next.onEnd(released(each, reason));
    }
    if (isLocalRoot(span)) memory.leave(traceId);
  }

  const onEnding = next.onEnding?.bind(next);
  return {
    onStart(span, context) {
      next.onStart(span, context);
      if (!isSampled(span) && isLocalRoot(span)) lose(memory.enter(span.spanContext().traceId));
    },
    ...(onEnding && { onEnding }),
    onEnd(span) {
      if (isSampled(span)) next.onEnd(span);
      else decide(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}

function reasonOf(span: ReadableSpan, { errors, slowMs }: TailSampling): TailReason | undefined {
  if (errors && span.status.code === SpanStatusCode.ERROR) return "error";
  const [seconds, nanoseconds] = span.duration;
  return isLocalRoot(span) && seconds * 1e3 + nanoseconds / 1e6 >= slowMs ? "slow" : undefined;
}

// Exporters drop what is not sampled. The span itself stays as it is: its ids may have travelled on with the flag 00.
function released(span: ReadableSpan, reason: TailReason): ReadableSpan {
  const ids = { ...span.spanContext(), traceFlags: TraceFlags.SAMPLED };
  const shown: PropertyDescriptorMap = { spanContext: { value: () => ids } };
  if (isLocalRoot(span))
    shown["attributes"] = { value: { ...span.attributes, [REASON]: reason }, enumerable: true };
  return Object.create(span, shown) as ReadableSpan;
}

/** True for the first span of this service in a trace. */
function isLocalRoot({ parentSpanContext }: Pick<ReadableSpan, "parentSpanContext">): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}

function isSampled(span: Pick<ReadableSpan, "spanContext">): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
