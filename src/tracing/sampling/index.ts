import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Note, TracingSettings } from "../types.js";

/** What decides which spans are kept. */
export interface Sampling {
  /** Decides when a span starts. */
  readonly sampler: Sampler;
  /** Stands between ended spans and their way out, for decisions that need the end of a span. */
  tail(next: SpanProcessor): SpanProcessor;
  /** Releases what it holds; idempotent, never throws. */
  close(): void;
}

/** The sampling that the settings ask for. */
export function createSampling(settings: TracingSettings, _note: Note): Sampling {
  const { ParentBasedSampler, TraceIdRatioBasedSampler } =
    require("@opentelemetry/sdk-trace") as typeof import("@opentelemetry/sdk-trace");
  return {
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.sampleRatio) }),
    tail: (next) => next,
    close: () => undefined,
  };
}
