import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

describe("a scale", () => {
  it("multiplies values and bounds of a histogram, however they are recorded", async () => {
    const rename = { wait_seconds: { name: "wait_ms", scale: 1000 } };
    const { metrics, lines } = createFixture({ rename });
    const wait = metrics.histogram({
      name: "wait_seconds",
      help: "h",
      labelNames: ["q"],
      buckets: [0.07, 1],
    });
    wait.observe({ q: "a" }, 0.05);
    wait.labels("a").observe(0.5);
    expect(await lines()).toEqual([
      'wait_ms_bucket{le="70",q="a"} 1',
      'wait_ms_bucket{le="1000",q="a"} 2',
      'wait_ms_bucket{le="+Inf",q="a"} 2',
      'wait_ms_sum{q="a"} 550',
      'wait_ms_count{q="a"} 2',
    ]);
  });

  it("leaves round bounds round", async () => {
    const { metrics, lines } = createFixture({ rename: { share: { scale: 100 } } });
    metrics.histogram({ name: "share", help: "h", buckets: [0.07, 0.29] });
    expect((await lines()).slice(0, 2)).toEqual(['share_bucket{le="7"} 0', 'share_bucket{le="29"} 0']);
  });

  it("multiplies the steps and levels of a gauge, and the default step of a counter", async () => {
    const { metrics, lines } = createFixture({ rename: { g: { scale: 100 }, c_total: { scale: 2 } } });
    const gauge = metrics.gauge({ name: "g", help: "h", labelNames: ["l"] });
    gauge.set({ l: "set" }, 0.5);
    gauge.labels("inc").inc();
    gauge.inc({ l: "inc" }, 0.25);
    gauge.labels("dec").dec(2);
    gauge.dec({ l: "dec" });
    const counter = metrics.counter({ name: "c_total", help: "h" });
    counter.inc();
    counter.inc(3);
    counter.labels().inc();
    expect(await lines()).toEqual(['g{l="set"} 50', 'g{l="inc"} 125', 'g{l="dec"} -300', "c_total 10"]);
  });

  it("times in the exported unit, and answers in seconds", async () => {
    const { metrics } = createFixture({ rename: { t: { scale: 1e9 }, g: { scale: 1e9 } } });
    const histogram = metrics.histogram({ name: "t", help: "h", labelNames: ["l"], buckets: [1] });
    const gauge = metrics.gauge({ name: "g", help: "h", labelNames: ["l"] });
    const timers = [
      histogram.startTimer({ l: "a" }),
      histogram.labels("b").startTimer(),
      gauge.startTimer({ l: "a" }),
      gauge.labels("b").startTimer(),
    ];
    const seconds = timers.map((stop) => stop());
    const json = await metrics.registry.getMetricsAsJSON();
    const sums = json.flatMap(({ values }) =>
      (values as { metricName?: string; value: number }[]).filter(
        ({ metricName }) => metricName === undefined || metricName.endsWith("_sum"),
      ),
    );
    expect(sums.map(({ value }) => value)).toEqual(
      expect.arrayContaining(seconds.map((second) => second * 1e9)),
    );
  });

  it("sets the current time in the exported unit", async () => {
    const { metrics, lines } = createFixture({ rename: { g: { scale: 1000 } } });
    const gauge = metrics.gauge({ name: "g", help: "h", labelNames: ["l"] });
    gauge.setToCurrentTime({ l: "a" });
    gauge.labels("b").setToCurrentTime();
    const shown = (await lines()).map((line) => Number(line.split(" ")[1]));
    expect(shown.map((ms) => Math.abs(ms - Date.now()) < 60_000)).toEqual([true, true]);
  });

  it("does not make a number of what is none", () => {
    const { metrics, told } = createFixture({ rename: { h: { scale: 1000 } } });
    const histogram = metrics.histogram({ name: "h", help: "h" });
    for (const value of ["12", null, undefined, {}, Number.NaN])
      (histogram.labels().observe as (value: unknown) => void)(value);
    expect(told[0]).toBe(
      "h: observe(): found a value of type string; expected a finite number. It was not recorded.",
    );
  });
});
describe("an exemplar", () => {
  it("goes with the value that a dropped label or a scale sends on", async () => {
    const rename = { c_total: { labels: { who: false } }, h: { scale: 1000 } } as const;
    const { metrics } = createFixture({ rename }, { clock: () => 0 });
    const options = { help: "h", labelNames: ["who"], enableExemplars: true } as const;
    const counter = metrics.counter({ ...options, name: "c_total" });
    const histogram = metrics.histogram({ ...options, name: "h", buckets: [0.1, 1] });
    counter.inc({ labels: { who: "a" }, value: 2, exemplarLabels: { by: "record" } });
    counter.inc({ who: "b" }, 3);
    histogram.observe({ labels: { who: "a" }, value: 0.05, exemplarLabels: { by: "record" } });
    histogram.observe({ who: "a" }, 0.5, { by: "argument" });
    histogram.labels("a").observe(5, { by: "handle" });
    const lines = (await metrics.text({ format: "openmetrics" })).split("\n");
    expect(lines.filter((line) => line.includes("_total") || line.includes("_bucket"))).toEqual([
      'c_total 5 # {by="record"} 2 0.000',
      'h_bucket{le="100.0",who="a"} 1 # {by="record"} 50 0.000',
      'h_bucket{le="1000.0",who="a"} 2 # {by="argument"} 500 0.000',
      'h_bucket{le="+Inf",who="a"} 3 # {by="handle"} 5000 0.000',
    ]);
  });

  it("has no form of its own in a counter that was not declared for it", () => {
    const { metrics, told } = createFixture({ rename: { c_total: { labels: { who: false } } } });
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["who", "value"] });
    counter.inc({ who: "a", value: "x" });
    expect([told, metrics.cardinality()]).toMatchObject([[], [{ series: 1 }]]);
  });
});
