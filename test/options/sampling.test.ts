import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../src/errors.js";
import { type Environment, resolveOptions } from "../../src/options.js";

const resolve = (tracing: object = {}, env: Environment = {}) => {
  const settings = resolveOptions({ service: "chat", tracing }, env).tracing;
  if (settings === false) throw new Error("tracing is off");
  return settings;
};

const complaintOf = (tracing: object): string => {
  try {
    resolve(tracing);
  } catch (error) {
    return isObservabilityError(error) ? error.message : "another error";
  }
  return "nothing";
};

const DEFAULT_TAIL = { slowMs: 1000, errors: true, maxTraces: 1000, maxSpansPerTrace: 100 };

describe("OTEL_TRACES_SAMPLER", () => {
  it.each([
    ["always_on", "", { sampleRatio: 1, followParent: false }],
    ["always_off", "", { sampleRatio: 0, followParent: false }],
    ["traceidratio", "0.25", { sampleRatio: 0.25, followParent: false }],
    ["parentbased_always_on", "", { sampleRatio: 1, followParent: true }],
    ["parentbased_always_off", "", { sampleRatio: 0, followParent: true }],
    ["parentbased_traceidratio", "0.25", { sampleRatio: 0.25, followParent: true }],
    ["PARENTBASED_TRACEIDRATIO", "", { sampleRatio: 1, followParent: true }],
    ["always_on", "0.25", { sampleRatio: 1, followParent: false }],
    ["", "", { sampleRatio: 1, followParent: true }],
  ])("%j with the argument %j is followed as specified", (sampler, arg, expected) => {
    const found = resolve({}, { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg });
    expect({ sampleRatio: found.sampleRatio, followParent: found.sampling?.followParent }).toEqual(expected);
    expect([found.sampling?.remote, found.complaints]).toEqual([undefined, []]);
  });

  it.each([
    [
      "jaeger_remote",
      "endpoint=http://jaeger:5778,pollingIntervalMs=5000,initialSamplingRate=0.25",
      { endpoint: "http://jaeger:5778", pollingIntervalMs: 5000, initialRatio: 0.25 },
      false,
    ],
    [
      "parentbased_jaeger_remote",
      " pollingIntervalMs = 10 , endpoint = http://a/?b=c ",
      { endpoint: "http://a/?b=c", pollingIntervalMs: 10, initialRatio: 0.001 },
      true,
    ],
    [
      "jaeger_remote",
      "",
      { endpoint: "http://localhost:5778", pollingIntervalMs: 60_000, initialRatio: 0.001 },
      false,
    ],
  ])("%s reads its argument", (sampler, arg, remote, followParent) => {
    const { sampling, complaints } = resolve(
      {},
      { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg },
    );
    expect(sampling).toMatchObject({ remote, followParent });
    expect(complaints).toEqual([]);
  });

  it.each([
    ["xray", "", 'OTEL_TRACES_SAMPLER is "xray"'],
    ["traceidratio", "much", 'OTEL_TRACES_SAMPLER_ARG is "much"'],
    ["traceidratio", "1.5", 'OTEL_TRACES_SAMPLER_ARG is "1.5"'],
    ["jaeger_remote", "pollingIntervalMs=soon", 'OTEL_TRACES_SAMPLER_ARG is "pollingIntervalMs=soon"'],
    ["jaeger_remote", "initialSamplingRate=", 'OTEL_TRACES_SAMPLER_ARG is "initialSamplingRate="'],
  ])("%s with %j is told and not followed", (sampler, arg, complaint) => {
    const { sampleRatio, complaints } = resolve(
      {},
      { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg },
    );
    expect(sampleRatio).toBe(1);
    expect(complaints).toEqual([expect.stringContaining(complaint)]);
  });

  it("gives way to the options", () => {
    const env = { OTEL_TRACES_SAMPLER: "jaeger_remote" };
    expect(resolve({ sampleRatio: 0.5 }, env)).toMatchObject({ sampleRatio: 0.5 });
    expect(resolve({ sampleRatio: 0.5 }, env).sampling?.remote).toBeUndefined();
    expect(resolve({ sampling: { followParent: true } }, env).sampling?.followParent).toBe(true);
  });
});

describe("tracing.sampling", () => {
  it("is off but for the ratio, unless something is asked for", () => {
    expect(resolve()).toMatchObject({ sampleRatio: 1, sampling: { followParent: true, rules: [] } });
    expect(Object.keys(resolve().sampling ?? {}).sort()).toEqual(["followParent", "rules"]);
  });

  it.each([
    [true, DEFAULT_TAIL],
    [{}, DEFAULT_TAIL],
    [
      { slowMs: 50, errors: false },
      { ...DEFAULT_TAIL, slowMs: 50, errors: false },
    ],
    [{ enabled: false, slowMs: 50 }, undefined],
    [false, undefined],
  ])("tail: %j", (tail, expected) => {
    expect(resolve({ sampling: { tail } }).sampling?.tail).toEqual(expected);
  });

  it("has its tail switched on by the environment too", () => {
    const env = { TELLTALE_TRACING_TAIL: "on", TELLTALE_TRACING_TAIL_SLOW_MS: "250" };
    expect(resolve({}, env).sampling?.tail).toEqual({ ...DEFAULT_TAIL, slowMs: 250 });
    expect(resolve({ sampling: { tail: false } }, env).sampling?.tail).toBeUndefined();
  });

  it("takes a sampling server by its URL alone", () => {
    const remote = { endpoint: "http://jaeger:5778" };
    expect(resolve({ sampling: { remote } }).sampling?.remote).toEqual({
      ...remote,
      pollingIntervalMs: 60_000,
      initialRatio: 0.001,
    });
  });

  it("has one ratio under two names", () => {
    expect(resolve({ sampling: { ratio: 0.5 } }).sampleRatio).toBe(0.5);
    expect(resolve({ sampleRatio: 0.5, sampling: { ratio: 0.5 } }).sampleRatio).toBe(0.5);
    expect(complaintOf({ sampleRatio: 0.1, sampling: { ratio: 0.5 } })).toContain(
      "option tracing.sampleRatio: expected the same as tracing.sampling.ratio (0.5), got 0.1",
    );
  });

  it.each([
    [{ rules: [{ ratio: 0 }] }, "each with a route or an operation"],
    [{ rules: [{ route: "health" }] }, "an array of { route"],
    [{ rules: [{ route: "/a", ratio: 2 }] }, "ratio (0 to 1)"],
    [{ rules: [{ route: "/a", rate: 1 }] }, "tracing.sampling.rules"],
    [{ rules: [{ operation: "", ratio: 1 }] }, "tracing.sampling.rules"],
    [{ rules: [{ operation: "a", perSecond: 0 }] }, "perSecond (above 0)"],
    [{ rules: {} }, "tracing.sampling.rules"],
    [{ perSecond: 0 }, "tracing.sampling.perSecond: expected a number above 0, got 0"],
    [{ sampler: {} }, "tracing.sampling.sampler: expected an object with shouldSample()"],
    [{ tail: { maxTrace: 1 } }, "Did you mean tracing.sampling.tail.maxTraces?"],
    [{ tail: { maxTraces: 0 } }, "tracing.sampling.tail.maxTraces: expected a whole number of at least 1"],
    [{ tail: "yes" }, "tracing.sampling.tail: expected an object of options"],
    [{ remote: { endpoint: "" } }, "tracing.sampling.remote.endpoint: expected a non-empty string"],
  ])("%j is refused", (sampling, complaint) => {
    expect(complaintOf({ sampling })).toContain(complaint);
  });
});
