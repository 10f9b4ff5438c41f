import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

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
