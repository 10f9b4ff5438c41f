import { type Span, TraceFlags } from "@opentelemetry/api";
import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Note, SpanCounts, TracingSettings } from "../types.js";
import { createRemoteSampler, type RemoteSampler } from "./remote.js";
import { createDecideRoot, ratioSampler } from "./root.js";
import { createSampler, guardSampler } from "./sampler.js";
import { createTail } from "./tail.js";

/** What decides which spans are kept. */
export interface Sampling {
  /** Decides when a span starts. */
  readonly sampler: Sampler;
  /** Stands between ended spans and their way out, for decisions that need the end of a span. */
  tail(next: SpanProcessor, counts: SpanCounts): SpanProcessor;
  /** True where the attributes that a span begins with are looked at. */
  readonly usesAttributes: boolean;
  /** True when the span was sampled, or its trace kept at its end. */
  isKept(span: Span): boolean;
  /** Releases what it holds; idempotent, never throws. */
  close(): void;
}

/** The sampling that the settings ask for. */
export function createSampling(
  { service, sampleRatio, sampling = {} }: TracingSettings,
  note: Note,
): Sampling {
  const tail = sampling.tail && createTail(sampling.tail);
  const remote = sampling.remote && createRemoteSampler(service, sampling.remote, note);
  return {
    sampler: samplerOf({ sampleRatio, sampling }, remote, note),
    tail: (next, counts) => tail?.processor(next, counts) ?? next,
    usesAttributes:
      sampling.sampler !== undefined || sampling.rules?.some(({ route }) => route !== undefined) === true,
    isKept(span) {
      const { traceFlags, traceId } = span.spanContext();
      return (traceFlags & TraceFlags.SAMPLED) !== 0 || tail?.isKept(traceId) === true;
    },
    close() {
      remote?.close();
      tail?.close();
    },
  };
}

function samplerOf(
  { sampleRatio, sampling = {} }: Pick<TracingSettings, "sampleRatio" | "sampling">,
  remote: RemoteSampler | undefined,
  note: Note,
): Sampler {
  const { sampler, tail, followParent = true } = sampling;
  if (sampler !== undefined) return guardSampler(sampler, tail !== undefined, note);
  const base = remote?.sampler ?? ratioSampler(sampleRatio);
  return createSampler(createDecideRoot(sampling, base), { followParent, tail: tail !== undefined });
}
