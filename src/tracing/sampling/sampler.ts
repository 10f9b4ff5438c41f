import {
  isSpanContextValid,
  SamplingDecision,
  type SamplingResult,
  type Span,
  trace,
} from "@opentelemetry/api";
import type { Sampler } from "@opentelemetry/sdk-trace";
import type { Note } from "../types.js";
import { isUndecided } from "../undecided.js";
import type { DecideRoot, SamplingCall, Verdict } from "./types.js";

/** How a sampler treats a trace that did not begin here. */
export interface SamplerRules {
  /** Keeps the caller's decision; else decides anew where a trace comes in. */
  readonly followParent: boolean;
  /** Records what is not kept, for a decision at the end. */
  readonly tail: boolean;
}

const KEEP: SamplingResult = Object.freeze({ decision: SamplingDecision.RECORD_AND_SAMPLED });
const RECORD: SamplingResult = Object.freeze({ decision: SamplingDecision.RECORD });
const DROP: SamplingResult = Object.freeze({ decision: SamplingDecision.NOT_RECORD });

/** The sampler that the settings ask for: a local parent is always followed, a remote one where it is wanted. */
export function createSampler(decideRoot: DecideRoot, { followParent, tail }: SamplerRules): Sampler {
  const undecided = tail ? RECORD : DROP;

  function resultOf(verdict: Verdict): SamplingResult {
    return verdict === "keep" ? KEEP : verdict === "pass" ? undecided : DROP;
  }

  function shouldSample(...call: SamplingCall): SamplingResult {
    const parent = validParent(call);
    if (parent === undefined) return resultOf(decideRoot(call));
    const ids = parent.spanContext();
    const { isRemote, traceFlags } = ids;
    if (isRemote !== true) return (traceFlags & 1) === 1 ? KEEP : parent.isRecording() ? RECORD : DROP;
    if (!followParent || isUndecided(ids)) return resultOf(decideRoot(call));
    return (traceFlags & 1) === 1 ? KEEP : undecided;
  }
  return { shouldSample, toString: () => "telltale" };
}

/** The service's own sampler, kept from throwing into the code that starts a span. */
export function guardSampler(sampler: Sampler, tail: boolean, note: Note): Sampler {
  function shouldSample(...call: SamplingCall): SamplingResult {
    try {
      const result = sampler.shouldSample(...call);
      if (!tail || result.decision !== SamplingDecision.NOT_RECORD) return result;
      return isFirst(validParent(call)) ? { ...result, decision: SamplingDecision.RECORD } : result;
    } catch (error) {
      note("tracing.sampler", error);
      return DROP;
    }
  }
  return { shouldSample, toString: () => sampler.toString() };
}

function validParent(call: SamplingCall): Span | undefined {
  const parent = trace.getSpan(call[0]);
  return parent !== undefined && isSpanContextValid(parent.spanContext()) ? parent : undefined;
}

// A child of what is recorded is recorded too: the tail looks for failures among them.
function isFirst(parent: Span | undefined): boolean {
  return parent === undefined || parent.spanContext().isRemote === true || parent.isRecording();
}
