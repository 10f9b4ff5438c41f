import { ROOT_CONTEXT, SamplingDecision, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { fate, remote, sampledTracing } from "./tracer.js";

const TAIL = { slowMs: 1000, errors: true, maxTraces: 10, maxSpansPerTrace: 10 };
const open: { close(): Promise<void> }[] = [];

function tracerOf(...args: Parameters<typeof sampledTracing>) {
  const made = sampledTracing(...args);
  open.push(made.tracing);
  return made;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((tracing) => tracing.close()));
});

describe("rules", () => {
  const rules = [
    { route: "/health*", ratio: 0 },
    { operation: "checkout", ratio: 1 },
    { route: "/users/:id" },
  ];

  it("decide by path and by name in place of the ratio", () => {
    const { tracer } = tracerOf({ rules }, 0);
    expect([
      fate(tracer, "GET", { path: "/health/live" }),
      fate(tracer, "checkout"),
      fate(tracer, "GET", { path: "/users/7" }),
      fate(tracer, "GET", { path: "/other" }),
    ]).toEqual(["drop", "keep", "keep", "drop"]);
  });

  it("are asked in their order: the first that fits decides", () => {
    const { tracer } = tracerOf({ rules: [{ route: "/a" }, { route: "/a*", ratio: 0 }] }, 0);
    expect([fate(tracer, "GET", { path: "/a" }), fate(tracer, "GET", { path: "/ab" })]).toEqual([
      "keep",
      "drop",
    ]);
  });

  it("limit a rate of their own, and leave the rate for all alone", () => {
    const { tracer } = tracerOf({ rules: [{ operation: "busy", perSecond: 0.001 }], perSecond: 0.001 });
    expect(["busy", "busy", "a", "a"].map((name) => fate(tracer, name))).toEqual([
      "keep",
      "drop",
      "keep",
      "drop",
    ]);
  });

  it("with ratio 0 drop for good, tail or no tail", () => {
    const { tracer } = tracerOf({ rules, tail: TAIL }, 0);
    expect([fate(tracer, "GET", { path: "/health" }), fate(tracer)]).toEqual(["drop", "record"]);
  });

  it("keep their share", () => {
    const { tracer } = tracerOf({ rules: [{ operation: "half", ratio: 0.5 }] }, 0);
    const kept = Array.from({ length: 1000 }, () => fate(tracer, "half")).filter(
      (one) => one === "keep",
    ).length;
    expect(kept > 300 && kept < 700).toBe(true);
  });
});

describe("the rate for all", () => {
  it("comes after the ratio and spends nothing on what that left out", () => {
    const { tracer } = tracerOf({ perSecond: 0.001 }, 0);
    expect(fate(tracer)).toBe("drop");
    const { tracer: all } = tracerOf({ perSecond: 3 });
    expect(Array.from({ length: 50 }, () => fate(all)).filter((one) => one === "keep").length).toBeLessThan(
      10,
    );
  });
});

describe("a parent", () => {
  it("from outside is followed, without spending the rate", () => {
    const { tracer } = tracerOf({ perSecond: 0.001, rules: [{ operation: "a", ratio: 0 }] });
    expect([1, 0, 1].map((flags) => fate(tracer, "a", { parent: remote(flags) }))).toEqual([
      "keep",
      "drop",
      "keep",
    ]);
  });

  it("from outside is not followed where that is said", () => {
    const { tracer } = tracerOf({ followParent: false }, 0);
    expect(fate(tracer, "a", { parent: remote(1) })).toBe("drop");
    const { tracer: all } = tracerOf({ followParent: false }, 1);
    expect(fate(all, "a", { parent: remote(0) })).toBe("keep");
  });

  it("inside is always followed", () => {
    const { tracer } = tracerOf({ followParent: false, perSecond: 0.001 });
    const [kept, dropped] = [0, 1].map(() => trace.setSpan(ROOT_CONTEXT, tracer.startSpan("root")));
    expect([kept, dropped].map((parent) => fate(tracer, "a", { parent: parent ?? ROOT_CONTEXT }))).toEqual([
      "keep",
      "drop",
    ]);
  });

  it("that is recorded for the tail has children that are recorded", () => {
    const { tracer } = tracerOf({ tail: TAIL }, 0);
    const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan("root"));
    expect([fate(tracer, "a", { parent }), fate(tracer, "a", { parent: remote(0) })]).toEqual([
      "record",
      "record",
    ]);
  });
});

describe("a sampler of the service's own", () => {
  const byName = {
    shouldSample: (...[, , name]: [unknown, unknown, string, ...unknown[]]) => {
      if (name === "broken") throw new Error("no sampler");
      return { decision: name === "yes" ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
  };

  it("decides on every span, parents or not", () => {
    const { tracer } = tracerOf({ sampler: byName });
    expect([fate(tracer, "yes", { parent: remote(0) }), fate(tracer, "no", { parent: remote(1) })]).toEqual([
      "keep",
      "drop",
    ]);
  });

  it("that throws costs the span, and is noted", () => {
    const { tracer, notes } = tracerOf({ sampler: byName });
    expect(fate(tracer, "broken")).toBe("drop");
    expect(notes).toEqual(["tracing.sampler: no sampler"]);
  });

  it("leaves what it drops to the tail", () => {
    const { tracer } = tracerOf({ sampler: byName, tail: TAIL });
    const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan("no"));
    expect([fate(tracer, "no"), fate(tracer, "no", { parent })]).toEqual(["record", "record"]);
  });
});

it("an unsampled span is not recorded: whoever asks isRecording() works out no attributes", () => {
  const { tracer } = tracerOf({}, 0);
  expect(tracer.startSpan("a").isRecording()).toBe(false);
});
