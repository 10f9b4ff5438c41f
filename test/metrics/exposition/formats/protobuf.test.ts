import { PassThrough } from "node:stream";
import fc from "fast-check";
import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../../src/metrics/index.js";
import { createFixture } from "../../family-fixture.js";
import { type DecodedFamily, decodeFamilies } from "../../protobuf/decode.js";

async function piped(metrics: Metrics, names?: ReadonlySet<string>): Promise<Buffer[]> {
  const through = new PassThrough({ highWaterMark: 1e9 });
  const chunks: Buffer[] = [];
  through.on("data", (chunk: Buffer) => chunks.push(chunk));
  await metrics.pipeTo(through, { format: "protobuf", names });
  if (!through.closed) await new Promise((resolve) => through.on("close", resolve));
  return chunks;
}

async function decoded(metrics: Metrics, names?: ReadonlySet<string>): Promise<DecodedFamily[]> {
  return decodeFamilies(Buffer.concat(await piped(metrics, names)));
}

const label = (name: string, value: string) => ({ name, value });
const service = label("service", "chat");
const timestamp = { seconds: 1_700_000_000, nanos: 250_000_000 };

describe("protobuf", () => {
  it("holds each type of family, its labels, the default ones and exemplars", async () => {
    const { metrics } = createFixture({ labels: { service: "chat" } });
    const counter = metrics.counter({ name: "c_bytes_total", help: "é\n", unit: "bytes", labelNames: ["a"] });
    counter.inc({ a: 'x"é' }, 2.5, { trace_id: "t", span_id: "s" });
    counter.inc({ a: "" });
    metrics
      .gauge({ name: "g", help: "h", labelNames: ["service"] })
      .set({ service: "own" }, Number.NEGATIVE_INFINITY);
    const histogram = metrics.histogram({ name: "h", help: "h", buckets: [-1, 0.5] });
    histogram.observe(0.25);
    histogram.observe(3, { trace_id: "t" });
    expect(await decoded(metrics)).toEqual([
      {
        ...{ name: "c_bytes_total", help: "é\n", type: "COUNTER", unit: "bytes" },
        metric: [
          {
            label: [label("a", 'x"é'), service],
            counter: {
              value: 2.5,
              exemplar: { label: [label("trace_id", "t"), label("span_id", "s")], value: 2.5, timestamp },
            },
          },
          { label: [label("a", ""), service], counter: { value: 1 } },
        ],
      },
      {
        ...{ name: "g", help: "h", type: "GAUGE" },
        metric: [{ label: [label("service", "own")], gauge: { value: Number.NEGATIVE_INFINITY } }],
      },
      {
        ...{ name: "h", help: "h", type: "HISTOGRAM" },
        metric: [
          {
            label: [service],
            histogram: {
              sample_count: 2,
              sample_sum: 3.25,
              bucket: [
                { cumulative_count: 0, upper_bound: -1 },
                { cumulative_count: 1, upper_bound: 0.5 },
                {
                  cumulative_count: 2,
                  upper_bound: Number.POSITIVE_INFINITY,
                  exemplar: { label: [label("trace_id", "t")], value: 3, timestamp },
                },
              ],
            },
          },
        ],
      },
    ]);
  });

  it("holds metrics that are not ours, their lines joined to series, whatever order they come in", async () => {
    const { metrics } = createFixture({ labels: { service: "chat" } });
    const { registry } = metrics;
    metrics.summary({ name: "s", help: "h", percentiles: [0.5], labelNames: ["a"] }).observe({ a: "x" }, 4);
    const foreign = new client.Counter({ name: "plain", help: "h", registers: [], enableExemplars: true });
    foreign.inc({ value: 2, exemplarLabels: { trace_id: "t" } } as never);
    registry.registerMetric(foreign as never);
    const values = [
      { metricName: "h_count", labels: { a: "y" }, value: 7 },
      { metricName: "h_bucket", labels: { a: "x", le: "+Inf" }, value: 3 },
      { metricName: "h_bucket", labels: { le: 1, a: "x" }, value: Number.POSITIVE_INFINITY },
      { metricName: "h_bucket", labels: { le: 0.5, a: "x" }, value: 1.5 },
      { metricName: "h_bucket", labels: { le: 0.25, a: "x" }, value: -5 },
      { metricName: "h_sum", labels: { a: "x" }, value: 2.5 },
      { metricName: "h_count", labels: { a: "x" }, value: 3 },
    ];
    registry.registerMetric({
      name: "h",
      help: "h",
      type: "histogram",
      get: async () => ({ values }),
    } as never);
    registry.registerMetric({
      name: "odd",
      help: "h",
      type: "info",
      get: () => ({ values: [{ value: 1 }] }),
    } as never);
    registry.registerMetric({ name: "none", help: "h", type: "gauge", get: () => ({}) } as never);
    const families = await decoded(metrics);
    const [plain] = families.find(({ name }) => name === "plain")?.metric ?? [];
    expect(plain).toMatchObject({
      counter: { value: 2, exemplar: { label: [label("trace_id", "t")], value: 2 } },
    });
    expect(families.filter(({ name }) => name !== "plain")).toEqual([
      {
        ...{ name: "s", help: "h", type: "SUMMARY" },
        metric: [
          {
            label: [service, label("a", "x")],
            summary: { sample_count: 1, sample_sum: 4, quantile: [{ quantile: 0.5, value: 4 }] },
          },
        ],
      },
      {
        ...{ name: "h", help: "h", type: "HISTOGRAM" },
        metric: [
          { label: [service, label("a", "y")], histogram: { sample_count: 7, sample_sum: 0 } },
          {
            label: [service, label("a", "x")],
            histogram: {
              sample_count: 3,
              sample_sum: 2.5,
              bucket: [
                { cumulative_count: 0, upper_bound: 0.25 },
                { cumulative_count: 1, upper_bound: 0.5 },
                { cumulative_count: 0, upper_bound: 1 },
                { cumulative_count: 3, upper_bound: Number.POSITIVE_INFINITY },
              ],
            },
          },
        ],
      },
      { name: "odd", help: "h", type: "UNTYPED", metric: [{ label: [service], untyped: { value: 1 } }] },
    ]);
  });

  it("leaves out families without series, and those that were not asked for", async () => {
    const { metrics } = createFixture();
    metrics.counter({ name: "empty_total", help: "h", labelNames: ["a"] });
    metrics.gauge({ name: "g", help: "h" });
    metrics.gauge({ name: "other", help: "h" });
    const names = (families: readonly DecodedFamily[]): string[] => families.map(({ name }) => name);
    expect(names(await decoded(metrics))).toEqual(["g", "other"]);
    expect(names(await decoded(metrics, new Set(["g"])))).toEqual(["g"]);
  });

  it("comes in pieces of some 64 KiB, every series once, rows that went left out", async () => {
    const { metrics } = createFixture({ maxSeriesPerFamily: 100_000 });
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"] });
    const foreign = new client.Gauge({
      name: "f",
      help: "h",
      labelNames: ["a"],
      registers: [metrics.registry],
    });
    for (let i = 0; i < 5000; i++) {
      counter.inc({ a: String(i) }, i);
      foreign.set({ a: String(i) }, i);
      if (i < 2000) histogram.observe({ a: String(i) }, i);
    }
    for (let i = 512; i < 1536; i++) counter.remove(String(i));
    const pieces = await piped(metrics);
    const sizes = pieces.map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThan(128 * 1024);
    expect(sizes.length).toBeGreaterThan(10);
    const found = new Map<string, string[]>();
    for (const { name, metric } of pieces.flatMap(decodeFamilies)) {
      const texts = metric.map(({ label }) => (label as { value: string }[])[0]?.value ?? "");
      found.set(name, [...(found.get(name) ?? []), ...texts]);
    }
    const all = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
    expect(found.get("c_total")).toEqual(
      all(5000).filter((text) => Number(text) < 512 || Number(text) >= 1536),
    );
    expect(found.get("h")).toEqual(all(2000));
    expect(found.get("f")).toEqual(all(5000));
  });

  it("shows a series that has a time to live as 0 first, and forgets it when it is idle", async () => {
    const { metrics, clock } = createFixture({ ttlMs: 1000 });
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets: [1] });
    histogram.observe({ a: "x" }, 2, { trace_id: "t" });
    const shown = async () => (await decoded(metrics))[0]?.metric[0]?.["histogram"];
    const bucket = { cumulative_count: 0, upper_bound: 1 };
    const rest = { upper_bound: Number.POSITIVE_INFINITY };
    expect(await shown()).toEqual({
      sample_count: 0,
      sample_sum: 0,
      bucket: [bucket, { ...rest, cumulative_count: 0 }],
    });
    expect(await shown()).toMatchObject({
      sample_count: 1,
      sample_sum: 2,
      bucket: [bucket, { exemplar: {} }],
    });
    clock.nowMs += 1001;
    await decoded(metrics);
    clock.nowMs += 1001;
    await decoded(metrics);
    expect(await shown()).toBeUndefined();
  });

  it("holds the exponential buckets of a native histogram beside the classic ones", async () => {
    const { metrics } = createFixture({ ttlMs: 1000 });
    const native = { schema: 0, maxBuckets: 10 };
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets: [1], native });
    for (const value of [0, 0.75, 1, 1, 100, -3]) histogram.observe({ a: "x" }, value);
    const shown = async () => (await decoded(metrics))[0]?.metric[0]?.["histogram"];
    const empty = { schema: 0, zero_threshold: 2 ** -128, zero_count: 0, sample_count: 0, sample_sum: 0 };
    expect(await shown()).toEqual({ ...empty, bucket: expect.any(Array) });
    expect(await shown()).toEqual({
      ...{ schema: 0, zero_threshold: 2 ** -128, zero_count: 1, sample_count: 6, sample_sum: 99.75 },
      bucket: [
        { cumulative_count: 5, upper_bound: 1 },
        { cumulative_count: 6, upper_bound: Number.POSITIVE_INFINITY },
      ],
      negative_span: [{ offset: 2, length: 1 }],
      negative_delta: [1],
      // (0.5, 1] and (64, 128]
      positive_span: [
        { offset: 0, length: 1 },
        { offset: 6, length: 1 },
      ],
      positive_delta: [3, -2],
    });
  });

  it("is the same numbers as the text, whatever was recorded", async () => {
    const labels = fc.record({ a: fc.string({ unit: "binary" }) }, { noNullPrototype: true });
    const value = fc.double({ min: 0, max: 1e15, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, value), { maxLength: 20 }), async (records) => {
        const { metrics } = createFixture({}, {});
        const histogram = metrics.histogram({
          name: "h",
          help: "h",
          labelNames: ["a"],
          buckets: [0.1, 7, 1e9],
        });
        for (const [given, number] of records) histogram.observe(given, number);
        const json = (await metrics.registry.getMetricsAsJSON()) as unknown as {
          values: client.MetricValue<string>[];
        }[];
        const expected = json[0]?.values.map(({ value }) => value);
        const found = (await decoded(metrics))
          .flatMap(({ metric }) => metric)
          .flatMap(({ histogram }) => {
            const { bucket, sample_sum, sample_count } = histogram as Record<string, unknown>;
            const counts = (bucket as { cumulative_count: number }[]).map(
              ({ cumulative_count }) => cumulative_count,
            );
            return [...counts, sample_sum, sample_count];
          });
        expect(found).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
