import { ROOT_CONTEXT, SamplingDecision } from "@opentelemetry/api";
import type { Sampler } from "@opentelemetry/sdk-trace";
import { createRateLimit, type Take } from "./rate-limit.js";
import { type Beginning, compileRule, type Matches } from "./rules.js";
import type { DecideRoot, SamplingCall, SamplingRule, SamplingSettings } from "./types.js";

/** Decides on the traces that begin here: by the first rule that fits, else by `base` and the limit for all. */
export function createDecideRoot(
  { rules = [], perSecond }: SamplingSettings,
  base: Sampler,
  clock?: () => number,
): DecideRoot {
  const compiled = rules.map((rule) => createRule(rule, clock));
  const take = limitOf(perSecond, clock);
  return (call) => {
    const rule = compiled.length === 0 ? undefined : ruleFor(compiled, call);
    if (rule !== undefined) return rule.decide(call);
    return isKept(base, call) && take() ? "keep" : "pass";
  };
}

interface Rule {
  readonly matches: Matches;
  readonly decide: DecideRoot;
}

function createRule(rule: SamplingRule, clock: (() => number) | undefined): Rule {
  const matches = compileRule(rule);
  const { ratio = 1, perSecond } = rule;
  if (ratio === 0) return { matches, decide: () => "never" };
  const sampler = ratioSampler(ratio);
  const take = limitOf(perSecond, clock);
  return { matches, decide: (call) => (isKept(sampler, call) && take() ? "keep" : "pass") };
}

/** Keeps a share of the traces, by their id: every service with the same share keeps the same ones. */
export function ratioSampler(ratio: number): Sampler {
  const { TraceIdRatioBasedSampler } =
    require("@opentelemetry/sdk-trace") as typeof import("@opentelemetry/sdk-trace");
  return new TraceIdRatioBasedSampler(ratio);
}

// By index: taken apart, the array would be walked by its iterator for every request.
function ruleFor(rules: readonly Rule[], call: SamplingCall): Rule | undefined {
  const beginning: Beginning = { name: call[2], attributes: call[4] };
  return rules.find(({ matches }) => matches(beginning));
}

// In the root context: the sampler from Jaeger's package follows a parent of itself.
function isKept(sampler: Sampler, call: SamplingCall): boolean {
  const { decision } = sampler.shouldSample(ROOT_CONTEXT, call[1], call[2], call[3], call[4], call[5]);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

function limitOf(perSecond: number | undefined, clock: (() => number) | undefined): Take {
  return perSecond === undefined ? () => true : createRateLimit(perSecond, clock);
}
