import { describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "./family-fixture.js";

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

function fail(): never {
  throw new Error("personal data");
}

const traps = new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail });

/** Values that a service may come to use as one label, and how they are shown. */
const VALUES: readonly (readonly [string, unknown, string])[] = [
  ["an object whose toString throws", { toString: fail }, "[object Object]"],
  [
    "an object whose toString gives no text",
    { toString: () => ({}), valueOf: () => ({}) },
    "[object Object]",
  ],
  ["an object without a prototype", Object.create(null), "[object Object]"],
  ["a proxy with traps that throw", traps, "[object Object]"],
  ["a revoked proxy", revoked, "[object Object]"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["a bigint", 5n, "5"],
  ["a function", Object.assign(() => undefined, { toString: () => "f" }), "f"],
  ["an array", [1, [2]], "1,2"],
];

interface Subject {
  record(labels: object): void;
  hold(...values: unknown[]): void;
  time(labels: object, more: object): void;
  remove(labels: object): void;
}

function subjectsOf({ metrics }: Fixture): Subject[] {
  const shape = { help: "h", labelNames: ["a", "b"] } as const;
  const counter = metrics.counter({ ...shape, name: "c_total" });
  const gauge = metrics.gauge({ ...shape, name: "g" });
  const histogram = metrics.histogram({ ...shape, name: "h", buckets: [1] });
  const summary = metrics.summary({ ...shape, name: "s", percentiles: [] });
  return [
    {
      record: (labels) => counter.inc(labels),
      hold: (...values) => counter.labels(...(values as string[])).inc(),
      time: (labels, more) => counter.inc({ ...labels, ...more }),
      remove: (labels) => counter.remove(labels),
    },
    {
      record: (labels) => gauge.set(labels, 1),
      hold: (...values) => gauge.labels(...(values as string[])).inc(),
      time: (labels, more) => void gauge.startTimer(labels)(more),
      remove: (labels) => gauge.remove(labels),
    },
    {
      record: (labels) => histogram.observe(labels, 1),
      hold: (...values) => histogram.labels(...(values as string[])).observe(1),
      time: (labels, more) => void histogram.startTimer(labels)(more),
      remove: (labels) => histogram.remove(labels),
    },
    {
      record: (labels) => summary.observe(labels, 1),
      hold: (...values) => summary.labels(...(values as string[])).observe(1),
      time: (labels, more) => void summary.startTimer(labels)(more),
      remove: (labels) => summary.remove(labels),
    },
  ];
}

const seriesOf = async (fixture: Fixture): Promise<string[]> =>
  (await fixture.lines())
    .filter((line) => !/_bucket|_sum/.test(line))
    .map((line) => line.slice(0, line.indexOf("} ") + 1));

describe("a label value that is", () => {
  it.each(VALUES)("%s is shown as text by every type of family", async (_, value, text) => {
    const fixture = createFixture();
    for (const subject of subjectsOf(fixture)) {
      subject.record({ a: value, b: "x" });
      subject.hold("y", value);
      subject.time({ a: value }, { b: "z" });
    }
    const sets = [`{a="${text}",b="x"}`, `{a="y",b="${text}"}`, `{a="${text}",b="z"}`];
    const names = ["c_total", "g", "h_count", "s_count"];
    expect(await seriesOf(fixture)).toEqual(names.flatMap((name) => sets.map((set) => `${name}${set}`)));
    expect(fixture.told).toEqual([]);
  });
});

describe("labels that throw when they are read", () => {
  const getter = Object.defineProperty({ b: "x" }, "a", { get: fail, enumerable: true });

  it("are left empty, the readable ones kept, and told of without what they threw", async () => {
    const fixture = createFixture();
    for (const subject of subjectsOf(fixture)) {
      subject.record(getter);
      for (const labels of [traps, revoked]) subject.record(labels);
    }
    const sets = ['{a="",b="x"}', '{a="",b=""}'];
    const names = ["c_total", "g", "h_count", "s_count"];
    expect(await seriesOf(fixture)).toEqual(names.flatMap((name) => sets.map((set) => `${name}${set}`)));
    expect(new Set(fixture.told)).toContain('h: label "a" threw when it was read; it was left empty.');
    expect(fixture.told.join()).not.toContain("personal");
  });

  it("may end a timer or be removed without a throw", async () => {
    const fixture = createFixture();
    for (const { time, remove, record } of subjectsOf(fixture).slice(1)) {
      time(traps, { a: "x" });
      time({ a: "x" }, revoked);
      record({});
      remove(traps);
      remove(revoked);
    }
    const names = ["g", "h_count", "s_count"];
    expect(await seriesOf(fixture)).toEqual(names.map((name) => `${name}{a="x",b=""}`));
  });
});

describe("a huge label value", () => {
  it("is cut, told of once without the value, and stays apart from its like", async () => {
    const { metrics, lines, told } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    for (const tail of ["1", "2", "2"]) counter.inc({ a: `${"secret".repeat(1000)}${tail}` });
    const shown = await lines();
    expect(shown.map((line) => line.split(" ").at(-1))).toEqual(["1", "2"]);
    expect(Math.max(...shown.map(({ length }) => length))).toBeLessThan(1050);
    expect(told).toEqual([
      "c_total: found a label value longer than 1024 characters; it was cut. Such a value belongs into a log line.",
    ]);
  });
});
