import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import type { Update } from "../../../src/metrics/processes/types.js";
import type { Counter } from "../../../src/metrics/types.js";
import { createFleetFixture } from "./fleet-fixture.js";

const jobs = (metrics: Metrics, more: object = {}): Counter<"queue"> =>
  metrics.counter({ name: "jobs_total", help: "h", labelNames: ["queue"], ...more });

describe("a fleet", () => {
  it("sums counters and histograms over its sources, each label set by itself", async () => {
    const { member, lines } = createFleetFixture({ labels: { service: "chat" } });
    for (const [name, times] of [
      ["a", 1],
      ["b", 2],
    ] as const) {
      const { metrics, tell } = member(name);
      jobs(metrics).inc({ queue: "mail" }, times);
      jobs(metrics).inc({ queue: name }, 10);
      const histogram = metrics.histogram({ name: "h", help: "h", buckets: [1, 5] });
      for (let i = 0; i < times; i++) histogram.observe(i * 4);
      await tell();
    }
    expect(await lines()).toEqual([
      'h_bucket{le="+Inf",service="chat"} 3',
      'h_bucket{le="1",service="chat"} 2',
      'h_bucket{le="5",service="chat"} 3',
      'h_count{service="chat"} 3',
      'h_sum{service="chat"} 4',
      'jobs_total{queue="a",service="chat"} 10',
      'jobs_total{queue="b",service="chat"} 10',
      'jobs_total{queue="mail",service="chat"} 3',
    ]);
  });

  it("goes on from where a source was, however often it tells", async () => {
    const { member, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    for (let round = 0; round < 3; round++) {
      jobs(a.metrics).inc({ queue: "x" });
      jobs(b.metrics).inc({ queue: "x" }, 10);
      await a.tell();
      await b.tell();
      await b.tell();
    }
    expect(await lines()).toEqual(['jobs_total{queue="x"} 33']);
  });

  it.each([
    ["sum", 9],
    ["first", 4],
    ["min", 2],
    ["max", 4],
    ["average", 3],
  ] as const)("joins gauges by %s, as they are now", async (aggregator, expected) => {
    const { member, lines } = createFleetFixture();
    for (const [name, value] of [
      ["a", 4],
      ["b", 3],
      ["c", 2],
    ] as const) {
      const { metrics, tell } = member(name);
      const gauge = metrics.gauge({ name: "g", help: "h", aggregator });
      gauge.set(99);
      await tell();
      gauge.set(value);
      await tell();
    }
    expect(await lines()).toEqual([`g ${expected}`]);
  });

  it("joins by its aggregator what only some of the sources have", async () => {
    const { member, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    const gauge = ({ metrics }: { metrics: Metrics }) =>
      metrics.gauge({ name: "g", help: "h", labelNames: ["x"], aggregator: "average" });
    gauge(a).set({ x: "both" }, 2);
    gauge(b).set({ x: "both" }, 4);
    gauge(b).set({ x: "one" }, 7);
    await a.tell();
    await b.tell();
    expect(await lines()).toEqual(['g{x="both"} 3', 'g{x="one"} 7']);
  });

  it("joins histograms by another aggregator than sum cell by cell", async () => {
    const { member, lines } = createFleetFixture();
    for (const [name, times] of [
      ["a", 3],
      ["b", 1],
    ] as const) {
      const { metrics, tell } = member(name);
      const histogram = metrics.histogram({ name: "h", help: "h", buckets: [1], aggregator: "max" });
      for (let i = 0; i < times; i++) histogram.observe(2);
      await tell();
    }
    expect(await lines()).toEqual(['h_bucket{le="+Inf"} 3', 'h_bucket{le="1"} 0', "h_count 3", "h_sum 6"]);
  });

  it("leaves out what is declared with omit", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, tell } = member("a");
    const gauge = metrics.gauge({ name: "g", help: "h", aggregator: "omit" });
    const registers = [metrics.registry];
    new client.Gauge({ name: "f", help: "h", aggregator: "omit", registers }).set(1);
    await tell();
    gauge.set(2);
    await tell();
    expect(await lines()).toEqual([]);
  });

  it("joins metrics of prom-client and summaries as its cluster registry does", async () => {
    const { member, lines } = createFleetFixture();
    for (const name of ["a", "b"]) {
      const { metrics, tell } = member(name);
      const parts = { help: "h", registers: [metrics.registry] };
      new client.Counter({ ...parts, name: "f_total", labelNames: ["x"] }).inc({ x: name }, 1);
      new client.Gauge({ ...parts, name: "f_max", aggregator: "max" }).set(name === "a" ? 5 : 3);
      metrics.summary({ name: "s", help: "h", percentiles: [0.5] }).observe(2);
      await tell();
      await tell();
    }
    expect(await lines()).toEqual([
      "f_max 5",
      'f_total{x="a"} 1',
      'f_total{x="b"} 1',
      "s_count 2",
      "s_sum 4",
      's{quantile="0.5"} 4',
    ]);
  });

  it("is shown in OpenMetrics and as JSON like any registry", async () => {
    const { member, fleet } = createFleetFixture();
    for (const name of ["a", "b"]) {
      const { metrics, tell } = member(name);
      jobs(metrics).inc({ queue: "x" }, 2);
      metrics.gauge({ name: "g", help: "h", aggregator: "max" }).set(3);
      await tell();
    }
    const text = await fleet.exposition.text(fleet.view.registry, { format: "openmetrics" });
    expect(text).toContain('jobs_total{queue="x"} 4');
    const json = await fleet.view.registry.getMetricsAsJSON();
    expect(json.map(({ values }) => (values as { value: number }[])[0]?.value)).toEqual([4, 3]);
  });

  it("takes the labels of all series from its own registry, not from the sources", async () => {
    const { fleet, lines } = createFleetFixture({ labels: { service: "chat" } });
    const other = createFleetFixture({ labels: { service: "other", zone: "eu" } }).member("a");
    jobs(other.metrics).inc({ queue: "x" });
    await other.tell(fleet);
    expect(await lines()).toEqual(['jobs_total{queue="x",service="chat"} 1']);
  });

  it("holds the cap of a family and folds what exceeds it, with sums right", async () => {
    const { member, lines, told } = createFleetFixture({ maxSeriesPerFamily: 2 });
    for (const name of ["a", "b"]) {
      const { metrics, tell } = member(name);
      for (const queue of ["1", "2"]) jobs(metrics).inc({ queue: name + queue });
      await tell();
      jobs(metrics).inc({ queue: `${name}1` }, 5);
      await tell();
    }
    expect(await lines()).toEqual([
      'jobs_total{queue="__overflow__"} 7',
      'jobs_total{queue="a1"} 6',
      'jobs_total{queue="a2"} 1',
    ]);
    expect(told.filter((message) => message.includes("more than 2 label sets"))).toHaveLength(1);
  });
});

describe("a broken or foreign update", () => {
  const base: Update = { version: 2, isWhole: true, families: [], gone: [], foreign: [] };

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["another version", { ...base, version: 3 }],
    ["no families", { version: 2, isWhole: true }],
    ["changes of a stranger", { ...base, isWhole: false }],
    ["a row that cannot be", { ...base, families: [family({ born: [[1e9, true, "x"]] })] }],
    ["a row before the first", { ...base, families: [family({ born: [[-1, true, "x"]] })] }],
    ["another width", { ...base, families: [family({ width: 3 })] }],
    ["a kind of family that is not known", { ...base, families: [family({ definition: { type: "x" } })] }],
  ])("of %s is left out and told, and the sum goes on", async (_, update) => {
    const { fleet, member, lines, told } = createFleetFixture();
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" });
    await tell();
    fleet.apply("b", update as Update);
    expect(told).toHaveLength(1);
    jobs(metrics).inc({ queue: "x" });
    await tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 2']);
  });

  it("that tells of rows it never named changes nothing", async () => {
    const { fleet, lines } = createFleetFixture();
    const blocks = [{ firstRow: 7, cells: new Float64Array([1, 2]) }];
    fleet.apply("b", { ...base, families: [family({ blocks })] } as Update);
    expect(await lines()).toEqual([]);
  });

  it("with numbers that lie unaligned in a message is read like any other", async () => {
    const { fleet, lines } = createFleetFixture();
    const bytes = Buffer.concat([Buffer.alloc(3), Buffer.from(new Float64Array([41]).buffer)]);
    const cells = new Float64Array(Uint8Array.prototype.slice.call(bytes, 3).buffer);
    const blocks = [{ firstRow: 0, cells }];
    fleet.apply("b", { ...base, families: [family({ born: [[0, true, "x"]], blocks })] } as Update);
    expect(await lines()).toEqual(['jobs_total{queue="x"} 41']);
  });
});

function family(changed: { definition?: object; [key: string]: unknown }): object {
  const definition = {
    name: "jobs_total",
    type: "counter",
    help: "h",
    labelNames: ["queue"],
    bounds: [],
    maxSeries: 10,
    maxValues: [10],
    ttlMs: 0,
    aggregator: "sum",
    defaults: {},
    ...changed.definition,
  };
  return { id: 0, width: 1, gone: [], born: [], blocks: [], ...changed, definition };
}
