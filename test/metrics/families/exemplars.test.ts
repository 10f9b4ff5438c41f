import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import type { Counter, Histogram } from "../../../src/metrics/types.js";
import { parseOpenMetrics } from "../exposition/formats/open-metrics-parser.js";
import { createFixture } from "../family-fixture.js";

const buckets = [1, 2];
const seen = (id: string): { trace_id: string } => ({ trace_id: id });

/** What stands behind the numbers, by the line's name and labels. */
async function shown(metrics: Metrics): Promise<Record<string, string>> {
  const text = await metrics.text({ format: "openmetrics" });
  parseOpenMetrics(text);
  const lines = [...text.matchAll(/^(\S+) \S+ # (.*)$/gm)];
  return Object.fromEntries(lines.map(([, line, exemplar]) => [line, exemplar]));
}

describe("an exemplar", () => {
  it("is shown with value and time: the latest of each bucket, the latest of a counter", async () => {
    const { metrics, clock } = createFixture();
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets });
    const counter = metrics.counter({ name: "c_total", help: "h" });
    histogram.labels("x").observe(0.5, seen("first"));
    histogram.observe({ a: "x" }, 1, { trace_id: "low", n: 5 });
    clock.unixMs += 1000;
    histogram.labels("x").observe(7, seen('"\\\n'));
    histogram.observe({ a: "x" }, 1.5);
    counter.inc(2, seen("one"));
    counter.inc(seen("no label names") as never);
    counter.inc({}, 3, seen("two"));
    counter.inc();
    expect(await shown(metrics)).toEqual({
      'h_bucket{le="1.0",a="x"}': '{trace_id="low",n="5"} 1 1700000000.250',
      'h_bucket{le="+Inf",a="x"}': '{trace_id="\\"\\\\\\n"} 7 1700000001.250',
      c_total: '{trace_id="two"} 3 1700000001.250',
    });
  });

  it("may be given in prom-client's form", async () => {
    const { metrics } = createFixture();
    const options = { help: "h", labelNames: ["a"], enableExemplars: true } as const;
    const registry = new client.Registry();
    (registry as client.Registry<client.RegistryContentType>).setContentType(
      client.Registry.OPENMETRICS_CONTENT_TYPE,
    );
    const theirs = { ...options, labelNames: ["a"] as const, registers: [registry] as never };
    const pairs = [
      [
        metrics.counter({ ...options, name: "c_total" }),
        metrics.histogram({ ...options, name: "h", buckets }),
      ],
      [
        new client.Counter<string>({ ...theirs, name: "c_total" }),
        new client.Histogram<string>({ ...theirs, name: "h", buckets }),
      ],
    ] as const;
    for (const [counter, histogram] of pairs as unknown as [Counter, Histogram][]) {
      counter.inc({ labels: { a: "x" }, value: 3, exemplarLabels: seen("c") });
      counter.inc({ labels: { a: "x" } });
      counter.inc({ exemplarLabels: seen("none"), value: 2 });
      histogram.observe({ labels: { a: "x" }, value: 1.5, exemplarLabels: seen("h") });
      histogram.observe({ labels: { a: "x" }, value: 1.5 });
    }
    const comparable = (text: string): string =>
      text
        .replaceAll(/ [\d.]+$/gm, "")
        .replaceAll(/le="(\d)\.0"/g, 'le="$1"')
        .replaceAll(/\{a=""\}/g, "");
    const expected = await registry.metrics();
    expect(comparable(await metrics.text({ format: "openmetrics" }))).toBe(comparable(expected));
    expect(Object.keys(await shown(metrics))).toEqual([
      'c_total{a="x"}',
      'c_total{a=""}',
      'h_bucket{le="2.0",a="x"}',
    ]);
  });

  it("leaves a counter's labels alone that are called as in prom-client's form", async () => {
    const { metrics, lines } = createFixture();
    metrics
      .counter({ name: "c_total", help: "h", labelNames: ["value", "labels"] })
      .inc({ value: "v", labels: "l" });
    expect(await lines()).toEqual(['c_total{value="v",labels="l"} 1']);
  });

  it("is dropped and told of once where it is too long or has no good names; the number counts", async () => {
    const { metrics, told, lines } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h" });
    const other = metrics.counter({ name: "d_total", help: "h" });
    counter.inc(1, { trace_id: "x".repeat(120) });
    counter.inc(1, { trace_id: "x".repeat(121) });
    counter.inc(1, { trace_id: "x", span_id: "y".repeat(113) });
    other.inc(1, { "trace-id": "x" });
    expect(await shown(metrics)).toEqual({ c_total: `{trace_id="${"x".repeat(120)}"} 1 1700000000.250` });
    expect(await lines()).toEqual(["c_total 3", "d_total 1"]);
    expect(told).toEqual([
      "c_total: exemplar: found labels of 129 characters; expected at most 128, names and values together. It was dropped.",
      'd_total: exemplar: found label "trace-id"; expected letters, digits and _. It was dropped.',
    ]);
  });

  it("counts characters, not the halves of those outside the basic plane", async () => {
    const { metrics } = createFixture();
    metrics.counter({ name: "c_total", help: "h" }).inc(1, { a: "😀".repeat(127) });
    metrics.counter({ name: "d_total", help: "h" }).inc(1, { a: "😀".repeat(128) });
    expect(Object.keys(await shown(metrics))).toEqual(["c_total"]);
  });

  it("does not come with a number that was refused", async () => {
    const { metrics } = createFixture();
    metrics.counter({ name: "c_total", help: "h" }).inc(-1, seen("x"));
    metrics.histogram({ name: "h", help: "h", buckets }).observe(Number.NaN, seen("x"));
    expect(await shown(metrics)).toEqual({});
  });

  it("is nothing where its labels are none, or no object", async () => {
    const { metrics, told } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h" });
    for (const odd of [{}, { a: undefined }, null, 5, "abc"]) counter.inc(1, odd as never);
    expect(await shown(metrics)).toEqual({});
    expect(told).toEqual([]);
  });

  it("stays as it was recorded when its object is changed", async () => {
    const { metrics } = createFixture();
    const labels = { trace_id: "before" };
    metrics.counter({ name: "c_total", help: "h" }).inc(1, labels);
    labels.trace_id = "after".repeat(100);
    expect((await shown(metrics))["c_total"]).toContain("before");
  });

  it("goes with its series, and is not the next one's", async () => {
    const { metrics } = createFixture();
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets });
    histogram.labels("x").observe(7, seen("x"));
    histogram.labels("y").observe(7, seen("y"));
    histogram.labels("z").observe(7, seen("z"));
    histogram.remove("x");
    histogram.labels("new").observe(7);
    histogram.zero({ a: "z" });
    expect(Object.keys(await shown(metrics))).toEqual(['h_bucket{le="+Inf",a="y"}']);
    histogram.reset();
    histogram.labels("y").observe(7);
    expect(await shown(metrics)).toEqual({});
  });

  it("stands on its own line in every block, ASCII or not", async () => {
    const { metrics } = createFixture();
    const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets });
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    const expected: Record<string, string> = {};
    for (let i = 0; i < 700; i++) {
      counter.inc({ a: `é${i}` }, i, i % 3 === 0 ? seen(`é${i}`) : undefined);
      if (i % 3 === 0) expected[`c_total{a="é${i}"}`] = `{trace_id="é${i}"} ${i} 1700000000.250`;
    }
    for (let i = 0; i < 70; i++) {
      histogram.observe({ a: String(i) }, 1.5, i % 7 === 0 ? seen(String(i)) : undefined);
      if (i % 7 === 0) expected[`h_bucket{le="2.0",a="${i}"}`] = `{trace_id="${i}"} 1.5 1700000000.250`;
    }
    for (let scrape = 0; scrape < 2; scrape++) expect(await shown(metrics)).toEqual(expected);
  });

  it("waits with its series that is shown as 0 first", async () => {
    const { metrics } = createFixture({ ttlMs: 1000 });
    metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).inc({ a: "x" }, 2, seen("x"));
    expect(await shown(metrics)).toEqual({});
    expect(Object.keys(await shown(metrics))).toEqual(['c_total{a="x"}']);
  });

  it("is not kept where exemplars are off", async () => {
    const { metrics } = createFixture({ exemplars: false });
    metrics.counter({ name: "c_total", help: "h" }).inc(1, seen("x"));
    expect(await shown(metrics)).toEqual({});
  });

  it("does not show in text", async () => {
    const { metrics, lines } = createFixture();
    metrics.counter({ name: "c_total", help: "h" }).inc(1, seen("x"));
    expect(await lines()).toEqual(["c_total 1"]);
  });

  it("of a metric that is not ours is shown as well", async () => {
    const { metrics } = createFixture();
    const counter = new client.Counter({ name: "c", help: "h", registers: [], enableExemplars: true });
    metrics.registry.registerMetric(counter as never);
    counter.inc({ value: 2, exemplarLabels: seen("x") } as never);
    expect((await shown(metrics))["c_total"]).toMatch(/^\{trace_id="x"\} 2 \d+(\.\d+)?$/);
  });
});
