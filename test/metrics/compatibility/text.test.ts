import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMetrics, type Metrics } from "../../../src/metrics/index.js";
import { type Client, KIN, withSortedLabels } from "./clients.js";

interface Given {
  a: string;
  b: "x" | "y";
}

type Method = "inc" | "set" | "dec" | "observe";

interface Families {
  readonly counter: { inc(labels: Given, value: number): void };
  readonly gauge: { set(labels: Given, value: number): void; dec(labels: Given, value: number): void };
  readonly histogram: { observe(labels: Given, value: number): void };
  readonly plain: { inc(value: number): void };
}

const settings = { prefix: "", labels: { service: 'ch"at\n' }, maxSeriesPerFamily: 100_000 };
const names = { labelNames: ["a", "b"] as const, help: 'What\\ever\nthis "is".' };
const buckets = [0.005, 0.5, 10];

function declareOurs(metrics: Metrics): Families {
  return {
    counter: metrics.counter({ ...names, name: "c_total" }),
    gauge: metrics.gauge({ ...names, name: "g" }),
    histogram: metrics.histogram({ ...names, name: "h", buckets }),
    plain: metrics.counter({ help: "h", name: "p_total" }),
  };
}

function declareTheirs(client: Client, registers: InstanceType<Client["Registry"]>[]): Families {
  return {
    counter: new client.Counter({ ...names, registers, name: "c_total" }),
    gauge: new client.Gauge({ ...names, registers, name: "g" }),
    histogram: new client.Histogram({ ...names, registers, name: "h", buckets: [...buckets] }),
    plain: new client.Counter({ help: "h", registers, name: "p_total" }),
  };
}

// prom-client 14 leaves a backslash alone that stands before an n, so that it reads as a line feed.
const value = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\\", '"', "\n", "}", '",b="', "|", ",b:x,", "constructor", "__proto__"),
  )
  .filter((text) => !text.includes("\\n"));
const labels = fc.record({ a: value, b: fc.constantFrom<"x" | "y">("x", "y") }, { noNullPrototype: true });
const record = fc.tuple(
  fc.constantFrom<Method>("inc", "set", "dec", "observe"),
  labels,
  fc.oneof(fc.nat(2000), fc.double({ min: 0, max: 1e300, noNaN: true })),
);

function apply(families: Families, [method, given, value]: [Method, Given, number]): void {
  if (method === "inc") {
    families.counter.inc(given, value);
    families.plain.inc(value);
  } else if (method === "observe") families.histogram.observe(given, value);
  else families.gauge[method](given, value);
}

describe.each(KIN)("made of $name", ({ client }) => {
  it("our families print as that client's own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), async (records) => {
        const metrics = createMetrics(settings, { client });
        const registry = new client.Registry();
        registry.setDefaultLabels(settings.labels);
        const [ours, theirs] = [declareOurs(metrics), declareTheirs(client, [registry])];
        for (const one of records) for (const families of [ours, theirs]) apply(families, one);
        expect(withSortedLabels(await metrics.registry.metrics())).toBe(
          withSortedLabels(await registry.metrics()),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("our registry prints that client's metrics as its own registry does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), async (records) => {
        const metrics = createMetrics(settings, { client });
        const registry = new client.Registry();
        registry.setDefaultLabels(settings.labels);
        const theirs = declareTheirs(client, [registry, metrics.registry]);
        for (const one of records) apply(theirs, one);
        expect(await metrics.registry.metrics()).toBe(await registry.metrics());
      }),
      { numRuns: 30 },
    );
  });

  it.each(KIN)("our registry shows metrics of $name with all their labels", async (other) => {
    const metrics = createMetrics({ ...settings, labels: { service: "chat" } }, { client });
    const registers = [metrics.registry];
    const options = { help: "h", labelNames: ["a"] as const, registers };
    new other.client.Counter({ ...options, name: "c_total" }).inc({ a: "x" }, 2);
    new other.client.Gauge({ ...options, name: "g" }).set({ a: "x" }, 3);
    new other.client.Histogram({ ...options, name: "h", buckets: [1] }).observe({ a: "x" }, 0.5);
    new other.client.Summary({ ...options, name: "s", percentiles: [0.5] }).observe({ a: "x" }, 4);
    expect(withSortedLabels(await metrics.registry.metrics())).toBe(`# HELP c_total h
# TYPE c_total counter
c_total{a="x",service="chat"} 2

# HELP g h
# TYPE g gauge
g{a="x",service="chat"} 3

# HELP h h
# TYPE h histogram
h_bucket{a="x",le="1",service="chat"} 1
h_bucket{a="x",le="+Inf",service="chat"} 1
h_sum{a="x",service="chat"} 0.5
h_count{a="x",service="chat"} 1

# HELP s h
# TYPE s summary
s{a="x",quantile="0.5",service="chat"} 4
s_sum{a="x",service="chat"} 4
s_count{a="x",service="chat"} 1
`);
  });
});
