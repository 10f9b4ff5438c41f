import type { Metric } from "prom-client";
import { describe, expect, it } from "vitest";
import type { AdoptableRegistry } from "../../../src/metrics/clients/adoptions.js";
import { createMetrics } from "../../../src/metrics/index.js";
import { KIN, numbersOf, withSortedLabels } from "../compatibility/clients.js";
import { createFixture } from "../family-fixture.js";

const client = (KIN[0] as (typeof KIN)[number]).client;

describe.each(KIN)("an adopted registry of $name", (their) => {
  it.each(KIN)("shows beside ours, made of $name, now and as it grows", async (our) => {
    const { metrics, told } = createFixture({ labels: { service: "chat" } }, { client: our.client });
    const theirs = new their.client.Registry();
    const options = { help: "h", registers: [theirs], labelNames: ["a"] as const };
    metrics.gauge({ name: "ours", help: "h" }).set(1);
    new their.client.Counter({ ...options, name: "c_total" }).inc({ a: "x" }, 2);
    metrics.adopt(theirs);
    const before = await theirs.metrics();
    const first = numbersOf(withSortedLabels(await metrics.text()));
    expect(first).toEqual(['ours{service="chat"} 1', 'c_total{a="x",service="chat"} 2']);
    new their.client.Histogram({ ...options, name: "h", buckets: [1] }).observe({ a: "x" }, 0.5);
    expect(numbersOf(withSortedLabels(await metrics.registry.metrics()))).toEqual([
      ...first,
      'h_bucket{a="x",le="1",service="chat"} 1',
      'h_bucket{a="x",le="+Inf",service="chat"} 1',
      'h_sum{a="x",service="chat"} 0.5',
      'h_count{a="x",service="chat"} 1',
    ]);
    theirs.removeSingleMetric("h");
    expect(await theirs.metrics()).toBe(before);
    expect(told).toEqual([]);
  });

  it("keeps its default labels, and gets ours where it leaves a name open", async () => {
    const { metrics, lines } = createFixture({ labels: { service: "chat", zone: "a" } });
    const theirs = new their.client.Registry();
    theirs.setDefaultLabels({ app: "legacy", zone: "b" });
    const gauge = new their.client.Gauge({ name: "g", help: "h", registers: [theirs], labelNames: ["app"] });
    gauge.set({}, 1);
    gauge.set({ app: "own" }, 2);
    metrics.adopt(theirs);
    expect((await lines()).map(withSortedLabels)).toEqual([
      'g{app="legacy",service="chat",zone="b"} 1',
      'g{app="own",service="chat",zone="b"} 2',
    ]);
    expect((await metrics.registry.getMetricsAsJSON())[0]?.values.map(({ labels }) => labels)).toEqual([
      { app: "legacy", zone: "b", service: "chat" },
      { app: "own", zone: "b", service: "chat" },
    ]);
    expect((await theirs.metrics()).match(/^g.*/gm)).toEqual([
      'g{app="legacy",zone="b"} 1',
      'g{app="own",zone="b"} 2',
    ]);
  });
});

describe("adopt()", () => {
  function adopted() {
    const fixture = createFixture({ labels: { service: "chat" } });
    const theirs = new client.Registry();
    const gauge = new client.Gauge({ name: "g", help: "h", registers: [theirs] });
    gauge.set(7);
    return { ...fixture, theirs, gauge, undo: fixture.metrics.adopt(theirs) };
  }

  it("is undone, also twice, without touching another adoption", async () => {
    const { lines, metrics, theirs, undo } = adopted();
    const undoOther = metrics.adopt(theirs);
    expect(await lines()).toEqual(['g{service="chat"} 7']);
    undo();
    undo();
    expect(await lines()).toHaveLength(1);
    undoOther();
    expect(await lines()).toEqual([]);
    expect(await theirs.metrics()).toContain("\ng 7\n");
  });

  it("shows ours where both have a name, and says so once", async () => {
    const { lines, metrics, told } = adopted();
    const other = new client.Registry();
    new client.Gauge({ name: "g", help: "h", registers: [other] }).set(9);
    metrics.adopt(other);
    expect(await lines()).toEqual(['g{service="chat"} 7']);
    metrics.gauge({ name: "g", help: "h" }).set(1);
    expect(await lines()).toEqual(['g{service="chat"} 1']);
    expect(told).toEqual([
      'g: found in an adopted registry too, where it clashes with "g". It is not shown.',
    ]);
    expect(await metrics.registry.getMetricsAsJSON()).toHaveLength(1);
  });

  it("leaves out a metric whose lines would pass for those of a histogram", async () => {
    const { lines, metrics, theirs, told } = adopted();
    metrics.histogram({ name: "h", help: "h", buckets: [1] });
    new client.Gauge({ name: "h_count", help: "h", registers: [theirs] });
    expect((await lines()).filter((line) => line.startsWith("h_count"))).toEqual([
      'h_count{service="chat"} 0',
    ]);
    expect(told).toEqual([
      'h_count: found in an adopted registry too, where it clashes with "h". It is not shown.',
    ]);
  });

  it("shows nothing twice: not what stands in both, nor its own", async () => {
    const { lines, metrics, gauge, told } = adopted();
    metrics.registry.registerMetric(gauge);
    metrics.adopt(metrics.registry);
    expect(await lines()).toEqual(['g{service="chat"} 7']);
    expect(await metrics.registry.getMetricsAsJSON()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it("adds to the JSON and the single text, and leaves alone what is registered", async () => {
    const { metrics } = adopted();
    const { registry } = metrics;
    expect(await registry.getMetricsAsJSON()).toEqual([
      expect.objectContaining({ name: "g", values: [{ value: 7, labels: { service: "chat" } }] }),
    ]);
    expect(await registry.getSingleMetricAsString("g")).toContain('\ng{service="chat"} 7');
    expect(registry.getSingleMetric("g")).toBeUndefined();
    expect(registry.getMetricsAsArray()).toEqual([]);
    registry.resetMetrics();
    registry.clear();
    expect(await metrics.text()).toContain('\ng{service="chat"} 7\n');
  });

  it("adds to the JSON what is joined in the way that @prometheus-io/client asks for", async () => {
    const { metrics } = createFixture();
    const theirs = new client.Registry();
    new client.Gauge({ name: "most", help: "h", registers: [theirs], aggregator: "max" });
    new client.Gauge({ name: "sum", help: "h", registers: [theirs] });
    theirs.setDefaultLabels({ app: "legacy" });
    const bare = { name: "bare", help: "h", type: "gauge", get: () => ({ name: "bare", values: [] }) };
    theirs.registerMetric(bare as unknown as Metric);
    metrics.adopt(theirs);
    const { registry } = metrics as unknown as {
      registry: { getMetricsAsJSON(aggregator?: string): Promise<{ name: string }[]> };
    };
    expect((await registry.getMetricsAsJSON()).map(({ name }) => name)).toEqual(["most", "sum", "bare"]);
    expect((await registry.getMetricsAsJSON("max")).map(({ name }) => name)).toEqual(["most"]);
    expect((await registry.getMetricsAsJSON("sum")).map(({ name }) => name)).toEqual(["sum", "bare"]);
  });

  it("follows the default labels of ours", async () => {
    const { metrics } = adopted();
    metrics.registry.setDefaultLabels({ zone: "a" });
    expect((await metrics.registry.getMetricsAsJSON())[0]?.values).toEqual([
      { value: 7, labels: { zone: "a" } },
    ]);
    expect(await metrics.registry.getSingleMetricAsString("g")).toContain('\ng{zone="a"} 7');
  });

  it("lets slow callbacks wait side by side, with default labels too", async () => {
    const { metrics, theirs } = adopted();
    theirs.setDefaultLabels({ app: "legacy" });
    const running = new Set<string>();
    let most = 0;
    for (const name of ["one", "two"]) {
      const collect = async () => {
        most = Math.max(most, running.add(name).size);
        await new Promise(setImmediate);
        running.delete(name);
      };
      new client.Gauge({ name, help: "h", registers: [theirs], collect });
    }
    await metrics.text();
    expect(most).toBe(2);
  });

  it("keeps names apart in OpenMetrics, where a counter and a gauge would have the same", async () => {
    const { metrics, theirs } = adopted();
    new client.Gauge({ name: "jobs", help: "h", registers: [theirs] });
    metrics.counter({ name: "jobs_total", help: "h" });
    const types = (await metrics.text({ format: "openmetrics" })).match(/^# TYPE .*/gm);
    expect(types).toEqual(["# TYPE jobs_total unknown", "# TYPE g gauge", "# TYPE jobs gauge"]);
  });

  it("runs the callbacks of a registry of prom-client 12 before each scrape", async () => {
    const { metrics, lines } = createFixture();
    let runs = 0;
    const metric = { name: "g", help: "h", type: "gauge" };
    metrics.adopt({
      getMetricsAsArray: () => [
        { ...metric, get: () => ({ ...metric, values: [{ value: runs, labels: {} }] }) },
      ],
      registerMetric: () => undefined,
      collect: () => void runs++,
    } as AdoptableRegistry);
    expect([await lines(), await lines()]).toEqual([["g 1"], ["g 2"]]);
  });

  it("shows the rest when a registry or a metric of it cannot be read, and says so", async () => {
    const { metrics, theirs, told, lines } = adopted();
    const collect = (): never => {
      throw new Error("no");
    };
    new client.Gauge({ name: "bad", help: "h", registers: [theirs], collect });
    metrics.adopt({ getMetricsAsArray: collect, registerMetric: collect } as AdoptableRegistry);
    expect(await lines()).toEqual(['g{service="chat"} 7']);
    expect(await metrics.registry.getMetricsAsJSON()).toHaveLength(1);
    expect([...new Set(told)].sort()).toEqual([
      "an adopted registry: could not be read and was left out: Error: no",
      "bad: could not be read and was left out: Error: no",
    ]);
    expect(told).toHaveLength(3);
  });

  it.each([
    ["the module", client],
    ["nothing", undefined],
    ["a metric", new client.Gauge({ name: "g", help: "h", registers: [] })],
  ])("refuses %s", (_what, value) => {
    const { adopt } = createMetrics({ prefix: "", labels: {}, maxSeriesPerFamily: 1 });
    expect(() => adopt(value as unknown as AdoptableRegistry)).toThrow(
      expect.objectContaining({
        code: "TELLTALE_TARGET",
        message: expect.stringMatching(
          /^adopt\(\): found .*; expected a registry of prom-client or its kin, such as client\.register\.$/,
        ),
      }),
    );
  });
});
