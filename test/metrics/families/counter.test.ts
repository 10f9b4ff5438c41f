import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

const wrong = [-1, Number.NaN, Number.POSITIVE_INFINITY, "5", null, 5n, {}] as unknown as number[];

describe("a counter", () => {
  it("shows 0 from the start when it has no labels, and nothing when it has", async () => {
    const { metrics, lines } = createFixture();
    metrics.counter({ name: "a_total", help: "h" });
    metrics.counter({ name: "b_total", help: "h", labelNames: ["l"] });
    expect(await lines()).toEqual(["a_total 0"]);
  });

  it("adds 1 by default, or what it is given, 0 too", async () => {
    const { metrics, lines } = createFixture();
    const plain = metrics.counter({ name: "a_total", help: "h" });
    const labelled = metrics.counter({ name: "b_total", help: "h", labelNames: ["l"] });
    plain.inc();
    plain.inc(2.5);
    labelled.inc({ l: "x" });
    labelled.inc({ l: "x" }, 4);
    labelled.inc({ l: "zero" }, 0);
    labelled.labels("x").inc();
    expect(await lines()).toEqual(["a_total 3.5", 'b_total{l="x"} 6', 'b_total{l="zero"} 0']);
  });

  it.each(wrong)("neither records %s nor makes a series for it", async (value) => {
    const { metrics, lines, told } = createFixture();
    const plain = metrics.counter({ name: "a_total", help: "h" });
    const labelled = metrics.counter({ name: "b_total", help: "h", labelNames: ["l"] });
    plain.labels().inc(value);
    labelled.inc({ l: "x" }, value);
    expect(await lines()).toEqual(["a_total 0"]);
    const found =
      typeof value === "number" ? value : `a value of type ${value === null ? "null" : typeof value}`;
    const complaint = `inc(): found ${found}; expected a finite number, 0 or more. It was not recorded.`;
    expect(told).toEqual([`a_total: ${complaint}`, `b_total: ${complaint}`]);
  });

  it("tells of a fault on a hot path at its 1st, 10th and 100th time", () => {
    const { metrics, told } = createFixture();
    const handle = metrics.counter({ name: "a_total", help: "h" }).labels();
    for (let i = 0; i < 150; i++) handle.inc(-1);
    expect(told.map((message) => /seen (\d+) times/.exec(message)?.[1])).toEqual([undefined, "10", "100"]);
  });
});
