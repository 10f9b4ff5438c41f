import { describe, expect, it } from "vitest";
import { createFixture } from "./family-fixture.js";

const labelled = { name: "c_total", help: "h", labelNames: ["a", "b"] } as const;

describe("label sets", () => {
  it("are one series whether given by name, by position, as strings or as numbers", async () => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter(labelled);
    counter.inc({ a: "1", b: "true" });
    counter.inc({ b: true, a: 1 }, 2);
    counter.labels(1, "true").inc(3);
    counter.labels({ a: 1, b: true }).inc(4);
    expect(await lines()).toEqual(['c_total{a="1",b="true"} 10']);
  });

  it("fill a missing, undefined or null value with the empty string", async () => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter(labelled);
    counter.inc({ a: "x" });
    counter.inc({ a: "x", b: null });
    counter.labels("x", undefined).inc();
    counter.labels("x").inc();
    counter.inc();
    expect(await lines()).toEqual(['c_total{a="x",b=""} 4', 'c_total{a="",b=""} 1']);
  });

  it("fill a missing value with the default label of that name, which the family's own label replaces", async () => {
    const { metrics, lines } = createFixture({ labels: { a: "default", zone: "eu" } });
    const counter = metrics.counter(labelled);
    counter.inc({ b: "y" });
    counter.inc({ a: "own", b: "y" });
    expect(await lines()).toEqual([
      'c_total{a="default",b="y",zone="eu"} 1',
      'c_total{a="own",b="y",zone="eu"} 1',
    ]);
  });

  it.each([
    [
      { a: "p|q", b: "r" },
      { a: "p", b: "q|r" },
    ],
    [
      { a: "x,b:y", b: "z" },
      { a: "x", b: "y,b:z" },
    ],
    [
      { a: "", b: "x" },
      { a: "x", b: "" },
    ],
    [
      { a: '"', b: "" },
      { a: '\\"', b: "" },
    ],
  ])("never meet: %j and %j stay two series", async (one, other) => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter(labelled);
    counter.inc(one);
    counter.inc(other, 5);
    expect((await lines()).map((line) => line.split(" ").at(-1))).toEqual(["1", "5"]);
  });

  it("ignore a label that was not declared, and tell of it once", async () => {
    const { metrics, lines, told } = createFixture();
    const counter = metrics.counter(labelled);
    const given = { a: "x", b: "y", user: "me" };
    counter.inc(given);
    counter.inc({ ...given, a: "z" });
    expect(await lines()).toEqual(['c_total{a="x",b="y"} 1', 'c_total{a="z",b="y"} 1']);
    expect(told).toEqual(['c_total: found label "user"; expected labels a, b. It was ignored.']);
  });

  it("ignore surplus values, and tell of them once", async () => {
    const { metrics, lines, told } = createFixture();
    metrics.counter(labelled).labels("x", "y", "z").inc();
    metrics.counter(labelled).labels("v", "w", "z").inc();
    expect(await lines()).toHaveLength(2);
    expect(told).toEqual(["c_total: found 3 label values; expected labels a, b."]);
  });
});

describe("the cap", () => {
  it("folds further label sets into one series, keeps the sum right and says so once", async () => {
    const { metrics, lines, told } = createFixture({ maxSeriesPerFamily: 3 });
    const counter = metrics.counter(labelled);
    for (let i = 0; i < 10; i++) counter.inc({ a: i, b: "x" });
    counter.labels("new", "y").inc(5);
    expect(await lines()).toEqual([
      'c_total{a="0",b="x"} 1',
      'c_total{a="1",b="x"} 1',
      'c_total{a="2",b="x"} 1',
      'c_total{a="__overflow__",b="__overflow__"} 12',
    ]);
    expect(metrics.cardinality()).toEqual([{ family: "c_total", series: 4, dropped: 8 }]);
    expect(told).toEqual([
      'c_total: found more than 3 label sets; further ones are counted under __overflow__. Label "a" has most values (3): bound it, or raise maxSeries.',
    ]);
  });

  it("is the family's own where it declares one", () => {
    const { metrics } = createFixture({ maxSeriesPerFamily: 3 });
    const gauge = metrics.gauge({ ...labelled, name: "g", maxSeries: 1 });
    for (let i = 0; i < 10; i++) gauge.set({ a: i }, 1);
    expect(metrics.cardinality()).toEqual([{ family: "g", series: 2, dropped: 9 }]);
  });

  it("holds for histograms and summaries alike", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 1 });
    const families = [
      metrics.histogram({ ...labelled, name: "h", buckets: [1] }),
      metrics.summary({ ...labelled, name: "s", percentiles: [] }),
    ];
    for (const family of families) for (let i = 0; i < 5; i++) family.observe({ a: i, b: "x" }, 1);
    expect((await lines()).filter((line) => line.includes("_count"))).toEqual([
      'h_count{a="0",b="x"} 1',
      'h_count{a="__overflow__",b="__overflow__"} 4',
      's_count{a="0",b="x"} 1',
      's_count{a="__overflow__",b="__overflow__"} 4',
    ]);
  });

  it("lets new label sets in again once old ones were removed, those that were folded too", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 2 });
    const counter = metrics.counter(labelled);
    for (let i = 0; i < 4; i++) counter.inc({ a: i, b: i });
    counter.remove({ a: 0, b: 0 });
    counter.inc({ a: 3, b: 3 });
    expect(await lines()).toContain('c_total{a="3",b="3"} 1');
  });

  it("begins anew after a reset", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 2 });
    const counter = metrics.counter(labelled);
    for (let round = 0; round < 2; round++) {
      counter.reset();
      for (let i = 0; i < 5; i++) counter.inc({ a: i, b: "x" }, i);
    }
    expect((await lines()).sort()).toEqual([
      'c_total{a="0",b="x"} 0',
      'c_total{a="1",b="x"} 1',
      'c_total{a="__overflow__",b="__overflow__"} 9',
    ]);
  });

  it("meets a label set that is itself named __overflow__ without doubling it", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 1 });
    const counter = metrics.counter(labelled);
    counter.inc({ a: "__overflow__", b: "__overflow__" });
    counter.inc({ a: "x", b: "y" });
    expect(await lines()).toEqual(['c_total{a="__overflow__",b="__overflow__"} 2']);
  });
});
