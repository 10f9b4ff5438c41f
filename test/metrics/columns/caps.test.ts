import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

const labelled = { name: "c_total", help: "h", labelNames: ["a", "b"] } as const;

describe("the cap of label sets", () => {
  it("folds the label with most values first, so that the others stay true, and says so once", async () => {
    const { metrics, lines, told } = createFixture({ maxSeriesPerFamily: 20 });
    const counter = metrics.counter(labelled);
    for (let i = 0; i < 20; i++) counter.inc({ a: `user ${i}`, b: "ok" });
    for (let i = 20; i < 50; i++) counter.inc({ a: `user ${i}`, b: i % 3 === 0 ? "failed" : "ok" });
    const shown = await lines();
    expect(shown).toHaveLength(22);
    expect(shown.slice(-2)).toEqual([
      'c_total{a="__overflow__",b="ok"} 20',
      'c_total{a="__overflow__",b="failed"} 10',
    ]);
    expect(told).toEqual([
      'c_total: found more than 20 label sets; further ones are counted under __overflow__. Label "a" has most values (20): bound it, or raise maxSeries.',
    ]);
  });

  it("folds whole label sets once the reserve of a tenth is used up", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 11 });
    const counter = metrics.counter(labelled);
    for (let i = 0; i < 40; i++) counter.inc({ a: i, b: i });
    const shown = await lines();
    expect(shown).toHaveLength(11 + 2 + 1);
    expect(shown.slice(-3)).toEqual([
      'c_total{a="__overflow__",b="11"} 1',
      'c_total{a="__overflow__",b="12"} 1',
      'c_total{a="__overflow__",b="__overflow__"} 27',
    ]);
  });

  it("goes on counting under a label set of its own what takes in others, though the reserve is used up", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 2 });
    const counter = metrics.counter(labelled);
    for (const [a, b] of ["1x", "2x", "3x", "4y", "5x"].map((set) => [...set])) counter.inc({ a, b });
    expect((await lines()).slice(2)).toEqual([
      'c_total{a="__overflow__",b="x"} 2',
      'c_total{a="__overflow__",b="__overflow__"} 1',
    ]);
  });

  it("keeps half of the reserve for new sets of known values", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 20 });
    const counter = metrics.counter(labelled);
    for (let i = 0; i < 20; i++) counter.inc({ a: i, b: "ok" });
    counter.inc({ a: 3, b: "failed" });
    counter.inc({ a: 4, b: "failed" });
    counter.inc({ a: 5, b: "failed" });
    expect((await lines()).slice(20)).toEqual([
      'c_total{a="3",b="failed"} 1',
      'c_total{a="__overflow__",b="failed"} 2',
    ]);
  });

  it("is the family's own where it declares one", () => {
    const { metrics } = createFixture({ maxSeriesPerFamily: 3 });
    const gauge = metrics.gauge({ ...labelled, name: "g", maxSeries: 1 });
    for (let i = 0; i < 10; i++) gauge.set({ a: i }, 1);
    expect(metrics.cardinality()).toMatchObject([{ family: "g", series: 2, dropped: 9 }]);
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
      'h_count{a="__overflow__",b="x"} 4',
      's_count{a="0",b="x"} 1',
      's_count{a="__overflow__",b="x"} 4',
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

  it("chooses the label that gives way anew each time it is reached", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 2 });
    const counter = metrics.counter(labelled);
    for (const a of [1, 2, 3]) counter.inc({ a, b: "x" });
    counter.reset();
    for (const b of [1, 2, 3]) counter.inc({ a: "x", b });
    expect(await lines()).toContain('c_total{a="x",b="__overflow__"} 1');
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
      'c_total{a="__overflow__",b="x"} 9',
    ]);
  });

  it("meets label sets that are themselves named __overflow__ without doubling them", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 1 });
    const counter = metrics.counter(labelled);
    counter.inc({ a: "__overflow__", b: "__overflow__" });
    for (const [a, b] of ["1x", "2x", "3y", "4z"].map((set) => [...set])) counter.inc({ a, b });
    counter.inc({ a: "__overflow__", b: "x" });
    expect(await lines()).toEqual([
      'c_total{a="__overflow__",b="__overflow__"} 3',
      'c_total{a="1",b="x"} 1',
      'c_total{a="__overflow__",b="x"} 2',
    ]);
    expect(metrics.cardinality()).toMatchObject([{ dropped: 3 }]);
  });
});

describe("the cap of values", () => {
  it("replaces a value beyond it in that label alone, and says so once without the value", async () => {
    const { metrics, lines, told } = createFixture({ maxValuesPerLabel: 2 });
    const counter = metrics.counter(labelled);
    for (const a of ["ann", "bob", "eve", "joe", "ann"]) for (const b of [200, 500]) counter.inc({ a, b });
    expect(await lines()).toEqual([
      'c_total{a="ann",b="200"} 2',
      'c_total{a="ann",b="500"} 2',
      'c_total{a="bob",b="200"} 1',
      'c_total{a="bob",b="500"} 1',
      'c_total{a="__overflow__",b="200"} 2',
      'c_total{a="__overflow__",b="500"} 2',
    ]);
    expect(metrics.cardinality()).toMatchObject([{ dropped: 4, values: { a: 2, b: 2 } }]);
    expect(told).toEqual([
      'c_total: found more than 2 values of label "a"; further ones are counted under __overflow__ in that label. Bound them where they are made, or raise maxValues.',
    ]);
  });

  it("is one family's own, for all its labels or for some", () => {
    const { metrics } = createFixture({ maxValuesPerLabel: 1 });
    const all = metrics.gauge({ ...labelled, name: "all", maxValues: 3 });
    const some = metrics.gauge({ ...labelled, name: "some", maxValues: { a: 3 } });
    for (let i = 0; i < 9; i++) for (const gauge of [all, some]) gauge.set({ a: i, b: i }, 1);
    expect(new Map(metrics.cardinality().map(({ family, values }) => [family, values]))).toEqual(
      new Map([
        ["all", { a: 3, b: 3 }],
        ["some", { a: 3, b: 1 }],
      ]),
    );
  });

  it("is not below the label sets that a family was declared for", () => {
    const { metrics } = createFixture({ maxValuesPerLabel: 2 });
    const gauge = metrics.gauge({ ...labelled, name: "g", maxSeries: 50 });
    for (let i = 0; i < 50; i++) gauge.set({ a: i }, 1);
    expect(metrics.cardinality()).toMatchObject([{ series: 50, dropped: 0 }]);
  });

  it("lets new values in once old ones are gone", async () => {
    const { metrics, lines } = createFixture({ maxValuesPerLabel: 1 });
    const counter = metrics.counter({ ...labelled, labelNames: ["a"] });
    for (const a of ["x", "y"]) counter.inc({ a });
    counter.remove("x");
    counter.inc({ a: "y" });
    expect(await lines()).toContain('c_total{a="y"} 1');
  });

  it("takes no number for the text of the value that stands for it", async () => {
    const { metrics, lines } = createFixture({ maxValuesPerLabel: 1 });
    const counter = metrics.counter({ ...labelled, labelNames: ["a"] });
    for (const a of [1, 2, undefined]) counter.inc({ a });
    counter.remove(1);
    for (const a of [2, undefined]) counter.inc({ a });
    expect((await lines()).sort()).toEqual(['c_total{a="2"} 1', 'c_total{a="__overflow__"} 3']);
  });

  it.each([
    [{ maxValues: 0 }, 'maxValues of "c_total": found 0; expected a number, 1 or more.'],
    [{ maxValues: { a: "many" } }, 'maxValues.a of "c_total": found "many"; expected a number, 1 or more.'],
    [{ maxValues: { c: 5 } }, 'maxValues of "c_total": found "c"; expected a label of the family: a, b.'],
    [{ maxValues: null }, 'maxValues of "c_total": found null; expected a number, 1 or more.'],
  ])("of %j is refused", (wrong, message) => {
    const { metrics } = createFixture();
    expect(() => metrics.counter({ ...labelled, ...(wrong as object) })).toThrow(message);
  });
});
