import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import type { Counter } from "../../../src/metrics/types.js";
import { createFleetFixture } from "./fleet-fixture.js";

const SECOND = 1000;
const jobs = (metrics: Metrics): Counter<"queue"> =>
  metrics.counter({ name: "jobs_total", help: "h", labelNames: ["queue"] });

describe("a source that is retired", () => {
  it("leaves its counters and histograms, and takes its gauges along", async () => {
    const { member, fleet, lines } = createFleetFixture();
    for (const name of ["a", "b"]) {
      const { metrics, tell } = member(name);
      jobs(metrics).inc({ queue: name }, 3);
      metrics.histogram({ name: "h", help: "h", buckets: [1] }).observe(2);
      metrics.gauge({ name: "g", help: "h", labelNames: ["x"] }).set({ x: name }, 1);
      await tell();
    }
    fleet.retire("a");
    expect(await lines()).toEqual([
      'g{x="b"} 1',
      'h_bucket{le="+Inf"} 2',
      'h_bucket{le="1"} 0',
      "h_count 2",
      "h_sum 4",
      'jobs_total{queue="a"} 3',
      'jobs_total{queue="b"} 3',
    ]);
  });

  it("leaves the counters, not the gauges nor the quantiles, that prom-client records", async () => {
    const { member, fleet, lines } = createFleetFixture();
    for (const name of ["a", "b"]) {
      const { metrics, tell } = member(name);
      const parts = { help: "h", registers: [metrics.registry] };
      new client.Counter({ ...parts, name: "f_total" }).inc(3);
      new client.Gauge({ ...parts, name: "f" }).set(5);
      metrics.summary({ name: "s", help: "h", percentiles: [0.5] }).observe(2);
      await tell();
    }
    fleet.retire("a");
    const kept = ["f 5", "f_total 6", "s_count 2", "s_sum 4", 's{quantile="0.5"} 2'];
    expect(await lines()).toEqual(kept);
    fleet.retire("b");
    expect(await lines()).toEqual(["f_total 6", "s_count 2", "s_sum 4"]);
  });

  it("does not come back to life by an update that is late", async () => {
    const { member, fleet, lines, told } = createFleetFixture();
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" });
    await tell();
    fleet.retire("a");
    fleet.retire("a");
    jobs(metrics).inc({ queue: "x" });
    await tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 1']);
    expect(told).toHaveLength(1);
  });

  it("is added to by its successor of the same name", async () => {
    const { member, fleet, lines } = createFleetFixture();
    for (let life = 0; life < 3; life++) {
      const { metrics, tell } = member("a");
      jobs(metrics).inc({ queue: "x" }, 2);
      await tell();
      fleet.retire("a");
    }
    expect(await lines()).toEqual(['jobs_total{queue="x"} 6']);
  });
});

describe("a source that tells everything again", () => {
  it("is not counted twice", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, journal, tell } = member("a");
    jobs(metrics).inc({ queue: "x" }, 3);
    metrics.histogram({ name: "h", help: "h", buckets: [1] }).observe(0.1);
    metrics.gauge({ name: "g", help: "h" }).set(2);
    new client.Counter({ name: "f_total", help: "h", registers: [metrics.registry] }).inc(4);
    await tell();
    const before = await lines();
    journal.restart();
    const update = await tell();
    expect(update.isWhole).toBe(true);
    expect(await lines()).toEqual(before);
    jobs(metrics).inc({ queue: "x" });
    journal.restart();
    await tell();
    expect(await lines()).toContain('jobs_total{queue="x"} 4');
  });

  it("without a series or family it had is taken to have forgotten it", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, journal, tell } = member("a");
    for (const queue of ["x", "y"]) jobs(metrics).inc({ queue });
    metrics.gauge({ name: "g", help: "h" }).set(2);
    new client.Gauge({ name: "f", help: "h", registers: [metrics.registry] }).set(4);
    await tell();
    jobs(metrics).remove("x");
    metrics.registry.removeSingleMetric("g");
    metrics.registry.removeSingleMetric("f");
    journal.restart();
    await tell();
    expect(await lines()).toEqual(['jobs_total{queue="y"} 1']);
  });

  it("with less than before has begun anew, and goes on from there", async () => {
    const { member, lines } = createFleetFixture();
    const old = member("a");
    jobs(old.metrics).inc({ queue: "x" }, 5);
    await old.tell();
    const young = member("a");
    jobs(young.metrics).inc({ queue: "x" }, 2);
    await young.tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 7']);
    jobs(young.metrics).inc({ queue: "x" }, 2);
    await young.tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 9']);
  });

  it("keeps its sums when the fleet folds its series into the overflow", async () => {
    const { member, lines } = createFleetFixture({ maxSeriesPerFamily: 1 });
    const first = member("a");
    jobs(first.metrics).inc({ queue: "x" });
    await first.tell();
    for (const name of ["b", "c"]) {
      const { metrics, journal, tell } = member(name);
      jobs(metrics).inc({ queue: name }, 2);
      await tell();
      jobs(metrics).inc({ queue: name }, 2);
      journal.restart();
      await tell();
    }
    expect(await lines()).toEqual(['jobs_total{queue="__overflow__"} 8', 'jobs_total{queue="x"} 1']);
  });
});

describe("a number that goes down", () => {
  it("is no new beginning where negative values were observed", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, tell } = member("a");
    const histogram = metrics.histogram({ name: "h", help: "h", buckets: [1] });
    for (const value of [5, -3]) {
      histogram.observe(value);
      await tell();
    }
    expect(await lines()).toContain("h_sum 2");
    expect(await lines()).toContain("h_count 2");
  });
});

describe("a series that its source forgets", () => {
  it("leaves nothing to the series that takes its place in the legacy", async () => {
    const { member, fleet, another, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).inc({ queue: "old" }, 5);
      await tell();
    }
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).remove("old");
      await tell();
    }
    jobs(a.metrics).inc({ queue: "young" });
    await a.tell();
    fleet.retire("a");
    const heir = another();
    heir.apply("legacy", fleet.legacy());
    expect(await lines(heir)).toEqual(['jobs_total{queue="young"} 1']);
  });

  it("goes with its family", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" });
    await tell();
    metrics.registry.removeSingleMetric("jobs_total");
    await tell();
    expect(await lines()).toEqual([]);
  });

  it("goes from the place of one that was reset while it was kept for a source that is gone", async () => {
    const { member, fleet, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    jobs(a.metrics).inc({ queue: "old" });
    await a.tell();
    fleet.retire("a");
    fleet.view.registry.resetMetrics();
    jobs(b.metrics).inc({ queue: "young" });
    await b.tell();
    jobs(b.metrics).remove("young");
    await b.tell();
    expect(await lines()).toEqual([]);
  });

  it("leaves the sum once nobody has it, and stays whole until then", async () => {
    const { member, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).inc({ queue: "x" }, 3);
      await tell();
    }
    jobs(a.metrics).remove("x");
    await a.tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 6']);
    jobs(a.metrics).inc({ queue: "x" });
    await a.tell();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 7']);
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).remove("x");
      await tell();
    }
    expect(await lines()).toEqual([]);
  });

  it("never lends its numbers to the series that takes its place", async () => {
    const { member, lines } = createFleetFixture();
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "old" }, 5);
    await tell();
    jobs(metrics).remove("old");
    jobs(metrics).inc({ queue: "young" }, 5);
    await tell();
    expect(await lines()).toEqual(['jobs_total{queue="young"} 5']);
  });

  it("leaves a gauge to those that still have it", async () => {
    const { member, lines } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    const gauge = (metrics: Metrics) => metrics.gauge({ name: "g", help: "h", labelNames: ["x"] });
    for (const { metrics, tell } of [a, b]) {
      gauge(metrics).set({ x: "1" }, 3);
      await tell();
    }
    gauge(a.metrics).remove("1");
    await a.tell();
    expect(await lines()).toEqual(['g{x="1"} 3']);
  });
});

describe("a family with a time to live", () => {
  const ttl = { ttlMs: 10 * SECOND };

  it("shows a series as 0 once, then its sum, then forgets it when every source was idle", async () => {
    const { member, lines, clock } = createFleetFixture(ttl);
    const [a, b] = [member("a"), member("b")];
    const shown: string[][] = [];
    for (const { metrics } of [a, b]) jobs(metrics).inc({ queue: "x" }, 2);
    for (let i = 0; i < 5; i++) {
      for (const { tell } of [a, b]) await tell();
      shown.push(await lines());
      clock.nowMs += 6 * SECOND;
    }
    const line = (value: number) => [`jobs_total{queue="x"} ${value}`];
    expect(shown).toEqual([line(0), line(4), line(4), [], []]);
  });

  it("shows what a source told of a series and then forgot", async () => {
    const { member, lines, clock } = createFleetFixture(ttl);
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" }, 2);
    await tell();
    await lines();
    clock.nowMs += 11 * SECOND;
    const update = await tell();
    expect(update.families[0]?.gone).toEqual([0]);
    expect(await lines()).toEqual(['jobs_total{queue="x"} 2']);
  });

  it("counts from 0 when a series comes again that the fleet forgot and its source did not", async () => {
    const { member, lines, clock } = createFleetFixture(ttl);
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" }, 5);
    await tell();
    await lines();
    await lines();
    clock.nowMs += 11 * SECOND;
    expect(await lines()).toEqual([]);
    jobs(metrics).inc({ queue: "x" }, 3);
    await tell();
    expect([await lines(), await lines()]).toEqual([
      ['jobs_total{queue="x"} 0'],
      ['jobs_total{queue="x"} 3'],
    ]);
  });

  it("does not bring back what it forgot when a source tells everything again", async () => {
    const { member, lines, clock } = createFleetFixture(ttl);
    const { metrics, journal, tell } = member("a");
    jobs(metrics).inc({ queue: "x" }, 5);
    await tell();
    await lines();
    await lines();
    clock.nowMs += 11 * SECOND;
    await lines();
    clock.nowMs -= 9 * SECOND;
    journal.restart();
    await tell();
    expect(await lines()).toEqual([]);
    jobs(metrics).inc({ queue: "x" }, 3);
    await tell();
    await lines();
    expect(await lines()).toEqual(['jobs_total{queue="x"} 3']);
  });

  it("leaves to a fleet that takes over only what was counted since it was forgotten", async () => {
    const { member, fleet, another, lines, clock } = createFleetFixture(ttl);
    const { metrics, journal, tell } = member("a");
    jobs(metrics).inc({ queue: "x" }, 5);
    await tell();
    await lines();
    await lines();
    clock.nowMs += 11 * SECOND;
    await lines();
    jobs(metrics).inc({ queue: "x" }, 3);
    await tell();
    journal.restart();
    await tell();
    fleet.retire("a");
    const heir = another();
    heir.apply("legacy", fleet.legacy());
    expect(await lines(heir)).toEqual(['jobs_total{queue="x"} 3']);
  });

  it("keeps a gauge for as long as its source does", async () => {
    const { member, lines, clock } = createFleetFixture();
    const { metrics, tell } = member("a");
    const gauge = metrics.gauge({ name: "g", help: "h", labelNames: ["x"], ...ttl });
    const shown: string[][] = [];
    for (let i = 0; i < 6; i++) {
      if (i < 4) gauge.set({ x: "1" }, 7);
      await tell();
      shown.push(await lines());
      clock.nowMs += 6 * SECOND;
    }
    const line = ['g{x="1"} 7'];
    expect(shown).toEqual([line, line, line, line, line, []]);
  });

  it("does not begin at 0 again in a fleet that takes over", async () => {
    const { member, another, lines, fleet } = createFleetFixture(ttl);
    const [a, b] = [member("a"), member("b")];
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).inc({ queue: "x" }, 2);
      await tell();
    }
    await lines();
    fleet.retire("a");
    const heir = another();
    heir.apply("legacy", fleet.legacy());
    heir.retire("legacy");
    b.journal.restart();
    await b.tell(heir);
    expect(await lines(heir)).toEqual(['jobs_total{queue="x"} 4']);
  });
});

describe("the legacy", () => {
  it("carries everything that is gone to a fleet that takes over, once", async () => {
    const { member, another, lines, fleet } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    for (const { metrics, tell } of [a, b]) {
      jobs(metrics).inc({ queue: "x" }, 2);
      metrics.histogram({ name: "h", help: "h", labelNames: ["y"], buckets: [1] }).observe({ y: "z" }, 0.5);
      new client.Counter({ name: "f_total", help: "h", registers: [metrics.registry] }).inc(4);
      metrics.gauge({ name: "g", help: "h" }).set(1);
      await tell();
    }
    fleet.retire("a");
    jobs(b.metrics).remove("x");
    jobs(b.metrics).inc({ queue: "x" }, 10);
    await b.tell();
    const before = await lines();
    const heir = another();
    heir.apply("legacy", structuredClone(fleet.legacy()));
    heir.retire("legacy");
    b.journal.restart();
    await b.tell(heir);
    expect(await lines(heir)).toEqual(before);
    expect(heir.legacy()).toEqual(fleet.legacy());
  });

  it("of a fleet that nobody left is empty", async () => {
    const { member, fleet } = createFleetFixture();
    const { metrics, tell } = member("a");
    jobs(metrics).inc({ queue: "x" });
    await tell();
    expect(fleet.legacy()).toMatchObject({ isWhole: true, families: [], foreign: [] });
  });
});

describe("families of one name that differ", () => {
  const histogram = (metrics: Metrics, buckets: number[]) =>
    metrics.histogram({ name: "h", help: "h", buckets });

  it("are left out while the first is there, told once, and shown when it is gone", async () => {
    const { member, fleet, lines, told } = createFleetFixture();
    const [old, young, youngest] = [member("old"), member("young"), member("youngest")];
    histogram(old.metrics, [1]).observe(0.5);
    histogram(young.metrics, [1, 2]).observe(1.5);
    histogram(youngest.metrics, [1, 2]).observe(3);
    for (const { tell } of [old, young, youngest]) await tell();
    expect(await lines()).toEqual(['h_bucket{le="+Inf"} 1', 'h_bucket{le="1"} 1', "h_count 1", "h_sum 0.5"]);
    histogram(young.metrics, [1, 2]).observe(1.5);
    await young.tell();
    fleet.retire("old");
    expect(await lines()).toContain("h_count 3");
    expect(await lines()).toContain('h_bucket{le="2"} 2');
    expect(told).toEqual([
      "h: found a histogram without labels and buckets 1, 2 in a process; expected a histogram without labels and buckets 1, as in the processes before. It is left out for as long as one of those runs.",
    ]);
  });

  it("in type, or in who records them, are left out as well", async () => {
    const { member, lines, told } = createFleetFixture();
    const [a, b, c] = [member("a"), member("b"), member("c")];
    a.metrics.gauge({ name: "x_total", help: "h" }).set(1);
    b.metrics.counter({ name: "x_total", help: "h" }).inc(5);
    new client.Counter({ name: "x_total", help: "h", registers: [c.metrics.registry] }).inc(7);
    for (const { tell } of [a, b, c]) await tell();
    expect(await lines()).toEqual(["x_total 1"]);
    expect(told).toHaveLength(1);
  });

  it("in their help or in the order of their labels are added up", async () => {
    const { member, lines, told } = createFleetFixture();
    const [a, b] = [member("a"), member("b")];
    a.metrics.counter({ name: "x_total", help: "one", labelNames: ["p", "q"] }).inc({ p: "1", q: "2" });
    b.metrics.counter({ name: "x_total", help: "two", labelNames: ["q", "p"] }).inc({ p: "1", q: "2" });
    for (const { tell } of [a, b]) await tell();
    expect(await lines()).toEqual(['x_total{p="1",q="2"} 2']);
    expect(told).toEqual([]);
  });
});
