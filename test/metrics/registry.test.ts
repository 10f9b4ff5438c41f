import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "./family-fixture.js";

const OPEN_METRICS = client.Registry.OPENMETRICS_CONTENT_TYPE;

function switchToOpenMetrics(registry: client.Registry): void {
  (registry as client.Registry<client.RegistryContentType>).setContentType(OPEN_METRICS);
}

function declareAll(): Fixture & { registry: client.Registry } {
  const fixture = createFixture({ labels: { service: "chat" } });
  const { metrics } = fixture;
  metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).inc({ a: "x" }, 2);
  metrics.gauge({ name: "g", help: "h", aggregator: "max" }).set(3);
  metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets: [1] }).observe({ a: "x" }, 0.5);
  new client.Counter({ name: "foreign_total", help: "h", registers: [metrics.registry] }).inc(4);
  return { ...fixture, registry: metrics.registry };
}

const numberLines = [
  'c_total{a="x",service="chat"} 2',
  'g{service="chat"} 3',
  'h_bucket{le="1",service="chat",a="x"} 1',
  'h_bucket{le="+Inf",service="chat",a="x"} 1',
  'h_sum{service="chat",a="x"} 0.5',
  'h_count{service="chat",a="x"} 1',
  'foreign_total{service="chat"} 4',
];

const numbersOf = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("the registry", () => {
  it("is a prom-client Registry that shows ours and anybody's metrics, with the default labels on all", async () => {
    const { registry } = declareAll();
    expect(registry).toBeInstanceOf(client.Registry);
    expect(numbersOf(await registry.metrics())).toEqual(numberLines);
  });

  it("gives metrics as JSON that prom-client can aggregate over processes", async () => {
    const all = await Promise.all(
      [declareAll(), declareAll()].map(({ registry }) => registry.getMetricsAsJSON()),
    );
    const aggregated = client.AggregatorRegistry.aggregate(all);
    expect(numbersOf(await aggregated.metrics())).toEqual([
      'c_total{a="x",service="chat"} 4',
      'g{service="chat"} 3',
      'h_bucket{le="1",a="x",service="chat"} 2',
      'h_bucket{le="+Inf",a="x",service="chat"} 2',
      'h_sum{a="x",service="chat"} 1',
      'h_count{a="x",service="chat"} 2',
      'foreign_total{service="chat"} 8',
    ]);
  });

  it("can be merged into a plain registry", async () => {
    const { registry } = declareAll();
    const other = new client.Registry();
    new client.Gauge({ name: "other", help: "h", registers: [other] }).set(5);
    expect(numbersOf(await client.Registry.merge([registry, other]).metrics())).toEqual([
      'c_total{a="x"} 2',
      "g 3",
      'h_bucket{le="1",a="x"} 1',
      'h_bucket{le="+Inf",a="x"} 1',
      'h_sum{a="x"} 0.5',
      'h_count{a="x"} 1',
      "foreign_total 4",
      "other 5",
    ]);
  });

  it("prints one metric", async () => {
    const { registry } = declareAll();
    expect(numbersOf(await registry.getSingleMetricAsString("c_total"))).toEqual([numberLines[0]]);
    expect(numbersOf(await registry.getSingleMetricAsString("foreign_total"))).toEqual([numberLines.at(-1)]);
    await expect(registry.getSingleMetricAsString("unknown")).rejects.toThrow(TypeError);
  });

  it("hands out a metric that records", async () => {
    const { registry, lines } = declareAll();
    (registry.getSingleMetric("c_total") as client.Counter).inc({ a: "x" }, 3);
    expect(await lines()).toContain('c_total{a="x",service="chat"} 5');
  });

  it("resets all metrics, after which handles go on", async () => {
    const { metrics, registry, lines } = declareAll();
    const handle = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).labels("x");
    registry.resetMetrics();
    handle.inc();
    expect((await lines()).sort()).toEqual([
      'c_total{a="x",service="chat"} 1',
      'foreign_total{service="chat"} 0',
      'g{service="chat"} 0',
    ]);
  });

  it("removes one metric and keeps the rest", async () => {
    const { registry, lines } = declareAll();
    registry.removeSingleMetric("h");
    expect(await lines()).toEqual([...numberLines.slice(0, 2), ...numberLines.slice(-1)]);
  });

  it("changes the labels on every series, and clear() brings back the ones of the settings", async () => {
    const { metrics, registry, lines } = declareAll();
    registry.setDefaultLabels({ zone: 5 });
    expect((await lines())[0]).toBe('c_total{a="x",zone="5"} 2');
    registry.clear();
    metrics.gauge({ name: "g", help: "h" });
    expect(await lines()).toEqual(['g{service="chat"} 0']);
  });

  it("stands in for the one that prom-client's workers report", () => {
    const { registry } = declareAll();
    expect(() => client.AggregatorRegistry.setRegistries(registry)).not.toThrow();
    client.AggregatorRegistry.setRegistries(client.register);
  });
});

describe("OpenMetrics", () => {
  it("names counters with _total on each line and without it in the head, and ends with EOF", async () => {
    const { registry } = declareAll();
    switchToOpenMetrics(registry);
    const text = await registry.metrics();
    expect(numbersOf(text)).toEqual(numberLines.map((line) => line.replace('le="1"', 'le="1.0"')));
    expect(text.match(/^# TYPE .*/gm)).toEqual([
      "# TYPE c counter",
      "# TYPE g gauge",
      "# TYPE h histogram",
      "# TYPE foreign counter",
    ]);
    expect(text.endsWith("\n# EOF\n")).toBe(true);
    expect(text).not.toContain("\n\n");
  });

  it("leaves every name as it was once the registry is switched back", async () => {
    const { metrics, registry } = declareAll();
    const before = await metrics.text();
    switchToOpenMetrics(registry);
    await metrics.text();
    await registry.getSingleMetricAsString("c_total");
    expect(metrics.contentType).toBe(OPEN_METRICS);
    registry.setContentType(client.Registry.PROMETHEUS_CONTENT_TYPE);
    expect(await metrics.text()).toBe(before);
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual([
      "c_total",
      "g",
      "h",
      "foreign_total",
    ]);
  });

  it("of a plain registry into which ours was merged names our counters right, and leaves them alone", async () => {
    const { metrics } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h" });
    counter.inc();
    const merged = client.Registry.merge([metrics.registry]);
    switchToOpenMetrics(merged);
    expect(await merged.metrics()).toBe("# HELP c h\n# TYPE c counter\nc_total 1\n# EOF\n");
    expect(counter.name).toBe("c_total");
    expect(await metrics.registry.getMetricsAsJSON()).toMatchObject([{ name: "c_total" }]);
    expect(await metrics.text()).toContain("\nc_total 1\n");
  });
});
