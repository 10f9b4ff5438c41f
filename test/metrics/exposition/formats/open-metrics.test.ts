import fc from "fast-check";
import * as client from "prom-client";
import { describe, expect, it, test } from "vitest";
import type { Metrics } from "../../../../src/metrics/index.js";
import { canonicalText } from "../../../../src/metrics/text/number-text.js";
import { createFixture } from "../../family-fixture.js";
import { parseOpenMetrics } from "./open-metrics-parser.js";

async function open(metrics: Metrics): Promise<string> {
  return metrics.text({ format: "openmetrics" });
}

describe("OpenMetrics", () => {
  it("is written as the specification shows it", async () => {
    const { metrics } = createFixture({ labels: { service: "chat" } });
    metrics
      .counter({ name: "c_seconds_total", help: 'A "b" \\ c\nd', unit: "seconds", labelNames: ["a"] })
      .inc({ a: 'x"\\\n' }, 1.5);
    metrics.gauge({ name: "g_total", help: "h" }).set(Number.POSITIVE_INFINITY);
    metrics.gauge({ name: "bytes", help: "h", unit: "bytes" }).set(-0.25);
    metrics.histogram({ name: "h_seconds", help: "h", unit: "seconds", buckets: [0.5, 1, 1e6] }).observe(0.7);
    metrics.summary({ name: "s", help: "h", percentiles: [0.5, 1] }).observe(4);
    expect(await open(metrics)).toBe(
      [
        '# HELP c_seconds A \\"b\\" \\\\ c\\nd',
        "# TYPE c_seconds counter",
        "# UNIT c_seconds seconds",
        'c_seconds_total{a="x\\"\\\\\\n",service="chat"} 1.5',
        "# HELP g_total h",
        "# TYPE g_total gauge",
        'g_total{service="chat"} +Inf',
        "# HELP bytes h",
        "# TYPE bytes gauge",
        'bytes{service="chat"} -0.25',
        "# HELP h_seconds h",
        "# TYPE h_seconds histogram",
        "# UNIT h_seconds seconds",
        'h_seconds_bucket{le="0.5",service="chat"} 0',
        'h_seconds_bucket{le="1.0",service="chat"} 1',
        'h_seconds_bucket{le="1e+06",service="chat"} 1',
        'h_seconds_bucket{le="+Inf",service="chat"} 1',
        'h_seconds_sum{service="chat"} 0.7',
        'h_seconds_count{service="chat"} 1',
        "# HELP s h",
        "# TYPE s summary",
        's{service="chat",quantile="0.5"} 4',
        's{service="chat",quantile="1.0"} 4',
        's_sum{service="chat"} 4',
        's_count{service="chat"} 1',
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it("is nothing but its end where there are no metrics", async () => {
    expect(await open(createFixture().metrics)).toBe("# EOF\n");
  });

  it("shows metrics that are not ours, whatever their type, with the default labels", async () => {
    const { metrics } = createFixture({ labels: { service: "chat", a: "default" } });
    const registers = [metrics.registry];
    new client.Counter({ name: "plain", help: "h", registers }).inc(2);
    new client.Counter({ name: "named_total", help: "h", registers, labelNames: ["a"] }).inc({ a: "own" });
    new client.Histogram({ name: "h", help: "h", registers, buckets: [1] }).observe(2);
    new client.Gauge({ name: "le", help: "h", registers, labelNames: ["le"] }).set({ le: "5" }, 1);
    const odd = {
      name: "odd",
      help: "h",
      type: "stateset",
      get: () => ({ values: [{ value: Number.NaN }] }),
    };
    metrics.registry.registerMetric(odd as unknown as client.Metric);
    expect(await open(metrics)).toBe(
      [
        "# HELP plain h",
        "# TYPE plain counter",
        'plain_total{service="chat",a="default"} 2',
        "# HELP named h",
        "# TYPE named counter",
        'named_total{service="chat",a="own"} 1',
        "# HELP h h",
        "# TYPE h histogram",
        'h_bucket{service="chat",a="default",le="1.0"} 0',
        'h_bucket{service="chat",a="default",le="+Inf"} 1',
        'h_sum{service="chat",a="default"} 2',
        'h_count{service="chat",a="default"} 1',
        "# HELP le h",
        "# TYPE le gauge",
        'le{service="chat",a="default",le="5"} 1',
        "# HELP odd h",
        "# TYPE odd unknown",
        'odd{service="chat",a="default"} NaN',
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it("does not tell the type of counters whose family name another metric has", async () => {
    const { metrics } = createFixture();
    metrics.counter({ name: "a_total", help: "h", unit: "a" }).inc(1, { trace_id: "x" });
    metrics.gauge({ name: "a", help: "h" });
    metrics.counter({ name: "h_count_total", help: "h" });
    metrics.histogram({ name: "h", help: "h", buckets: [1] });
    metrics.counter({ name: "free_total", help: "h" });
    new client.Counter({ name: "b", help: "h", registers: [metrics.registry] });
    metrics.gauge({ name: "b_total", help: "h" });
    const types = (await open(metrics)).match(/^# TYPE .*|^\w+ .*/gm);
    expect(types).toEqual([
      ...["# TYPE a_total unknown", "a_total 1", "# TYPE a gauge", "a 0"],
      ...["# TYPE h_count_total unknown", "h_count_total 0", "# TYPE h histogram", "h_sum 0", "h_count 0"],
      ...[
        "# TYPE free counter",
        "free_total 0",
        "# TYPE b unknown",
        "b 0",
        "# TYPE b_total gauge",
        "b_total 0",
      ],
    ]);
  });

  it("goes without a metric that cannot be read, and tells of it", async () => {
    const { metrics, told } = createFixture();
    const fail = (): never => {
      throw new Error("no");
    };
    const labels = { a: { toString: fail } };
    const bad = [fail, () => Promise.reject(new Error("no")), () => ({ values: [{ value: 1, labels }] })];
    for (const [i, get] of bad.entries())
      metrics.registry.registerMetric({ name: `bad${i}`, help: "h", type: "gauge", get } as never);
    metrics.gauge({ name: "fine", help: "h" });
    expect(await open(metrics)).toBe("# HELP fine h\n# TYPE fine gauge\nfine 0\n# EOF\n");
    const text = "could not be read and was left out: Error: no";
    expect(told.sort()).toEqual([`bad0: ${text}`, `bad1: ${text}`, `bad2: ${text}`]);
  });

  it("changes no text that is made beside it", async () => {
    const { metrics } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 1200; i++) counter.inc({ a: String(i) }, round * i);
      const alone = await metrics.text();
      const [text, opened] = await Promise.all([metrics.text(), open(metrics)]);
      expect(text).toBe(alone);
      expect(opened).toBe(`${text.replaceAll(/^(# \w+ c)_total/gm, "$1")}# EOF\n`);
    }
  });

  it("is read back as what was recorded, whatever the labels and numbers", async () => {
    const labels = fc.record({ a: fc.string({ unit: "binary" }), b: fc.string() }, { noNullPrototype: true });
    const number = fc.oneof(fc.double({ noNaN: true }), fc.integer());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(labels, number), { maxLength: 20 }),
        fc.string(),
        async (records, help) => {
          const { metrics } = createFixture();
          const gauge = metrics.gauge({ name: "g", help: help === "" ? "h" : help, labelNames: ["a", "b"] });
          const expected = new Map<string, number>();
          for (const [given, value] of records) {
            gauge.set(given, value);
            const wired = Object.values(given).map((text) => Buffer.from(text).toString());
            expected.set(JSON.stringify(wired), value === 0 ? 0 : value);
          }
          const [family] = parseOpenMetrics(Buffer.from(await open(metrics)).toString());
          const found = family?.samples.map(({ labels, value }) => [
            JSON.stringify(Object.values(labels)),
            value === 0 ? 0 : value,
          ]);
          expect(new Map(found as [string, number][])).toEqual(expected);
          expect(family?.help).toBe(help === "" ? "h" : help);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("a bound", () => {
  // The table of the specification, "Canonical Numbers".
  test.each([
    [0, "0.0"],
    [1, "1.0"],
    [10, "10.0"],
    [0.005, "0.005"],
    [2.5, "2.5"],
    [1e-10, "1e-10"],
    [1e-5, "1e-05"],
    [1e-4, "0.0001"],
    [100_000, "100000.0"],
    [1e6, "1e+06"],
    [1e10, "1e+10"],
    [1_234_567, "1.234567e+06"],
    [1e100, "1e+100"],
    [-2, "-2.0"],
    [-0, "-0.0"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NaN, "NaN"],
  ])("%d is written %s", (bound, text) => {
    expect(canonicalText(bound)).toBe(text);
  });

  it("is read back as itself, and never looks whole", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (bound) => {
        const text = canonicalText(bound);
        expect(Number(text)).toBe(bound);
        expect(text).toMatch(/[.e]/);
      }),
    );
  });
});
