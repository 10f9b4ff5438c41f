import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Note } from "./types.js";

/** One processor for several; what stops one from flushing or stopping is noted and does not stop another. */
export function fanOut(processors: readonly SpanProcessor[], note: Note): SpanProcessor {
  const [only] = processors;
  if (only !== undefined && processors.length === 1) return only;
  const ending = processors.filter((each) => each.onEnding !== undefined);
  const settle = async (run: (processor: SpanProcessor) => Promise<void>): Promise<void> => {
    const results = await Promise.allSettled(processors.map(run));
    for (const result of results) if (result.status === "rejected") note("tracing", result.reason);
  };
  return {
    onStart(span, ctx) {
      for (const each of processors) each.onStart(span, ctx);
    },
    ...(ending.length > 0 && {
      onEnding(span: Parameters<NonNullable<SpanProcessor["onEnding"]>>[0]) {
        for (const each of ending) each.onEnding?.(span);
      },
    }),
    onEnd(span) {
      for (const each of processors) each.onEnd(span);
    },
    forceFlush: () => settle((each) => each.forceFlush()),
    shutdown: () => settle((each) => each.shutdown()),
  };
}
