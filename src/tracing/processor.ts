import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Note, SpanCounts } from "./types.js";

/** What a batch processor is made with. */
export interface BatchOptions {
  /** Longest that a span waits. */
  readonly delayMs: number;
  /** Longest that an export may take; the exporter must answer sooner. */
  readonly timeoutMs: number;
  /** Most spans that wait. */
  readonly maxQueueSize: number;
  /** Most spans in one export; no more than wait. */
  readonly maxBatchSize: number;
  readonly counts: SpanCounts;
}

/** The SDK's BatchSpanProcessor, counting the spans that wait and those that find its queue full. */
export function createBatchProcessor(
  exporter: SpanExporter,
  { delayMs, timeoutMs, maxQueueSize, maxBatchSize, counts }: BatchOptions,
): SpanProcessor {
  const { BatchSpanProcessor } =
    require("@opentelemetry/sdk-trace") as typeof import("@opentelemetry/sdk-trace");
  const counting: SpanExporter = {
    export(spans, done) {
      counts.queued -= spans.length;
      exporter.export(spans, done);
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
  const inner = new BatchSpanProcessor({
    exporter: counting,
    maxQueueSize,
    maxExportBatchSize: Math.min(maxBatchSize, maxQueueSize),
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: timeoutMs,
  });
  let open = true;
  return {
    onStart: () => undefined,
    onEnd(span) {
      // After its shutdown the inner one forgets a span without a word.
      if (!open || !isSampled(span)) return;
      if (counts.queued >= maxQueueSize) {
        counts.dropped.queue++;
        return;
      }
      counts.queued++;
      inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown() {
      open = false;
      return inner.shutdown();
    },
  };
}

/** A user's span processor, kept from throwing into the code that starts and ends spans. */
export function guardProcessor(
  processor: SpanProcessor,
  { counts, note }: { counts: SpanCounts; note: Note },
): SpanProcessor {
  const guarded = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      note("tracing.processor", error);
    }
  };
  const onEnding = processor.onEnding?.bind(processor);
  return {
    onStart: (span, ctx) => guarded(() => processor.onStart(span, ctx)),
    ...(onEnding && { onEnding: (span: Parameters<typeof onEnding>[0]) => guarded(() => onEnding(span)) }),
    onEnd(span) {
      guarded(() => processor.onEnd(span));
      if (isSampled(span)) counts.exported++;
    },
    forceFlush: async () => processor.forceFlush(),
    shutdown: async () => processor.shutdown(),
  };
}

function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
