import { ROOT_CONTEXT, SamplingDecision, SpanKind } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { createDecideRoot } from "../../../src/tracing/sampling/root.js";

it("the rate is spent on what the ratio keeps, and on nothing else", () => {
  const base = {
    shouldSample: (_context: unknown, _traceId: string, name: string) => ({
      decision: name === "kept" ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
  };
  const decide = createDecideRoot({ perSecond: 1 }, base, () => 0);
  const verdicts = ["left out", "left out", "kept", "kept"].map((name) =>
    decide([ROOT_CONTEXT, "1".repeat(32), name, SpanKind.INTERNAL, {}, []]),
  );
  expect(verdicts).toEqual(["pass", "pass", "keep", "pass"]);
});
