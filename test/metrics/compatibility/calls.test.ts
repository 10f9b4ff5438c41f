import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";
import { type Client, KIN, numbersOf, withSortedLabels } from "./clients.js";

type L = "a" | "b";
const options = { name: "x_total", help: "h", labelNames: ["a", "b"] as L[] };
const buckets = [1];
const percentiles = [0.5];

/** Families by type: the same calls go to the client's own and to ours. */
interface Made {
  readonly counter: InstanceType<Client["Counter"]>;
  readonly gauge: InstanceType<Client["Gauge"]>;
  readonly histogram: InstanceType<Client["Histogram"]>;
  readonly summary: InstanceType<Client["Summary"]>;
}
type Type = keyof Made;

const both = { a: "x", b: "y" };

const labelled: { [T in Type]: [string, (family: Made[T]) => unknown][] } = {
  counter: [
    ["inc({ })", (c) => c.inc(both)],
    ["inc({ }, value)", (c) => c.inc(both, 5)],
    ["inc({ }, 0)", (c) => c.inc(both, 0)],
    ["inc({ }, undefined)", (c) => c.inc(both, undefined)],
    ["inc({ number })", (c) => c.inc({ a: 200, b: 1.5 })],
    ["labels(…).inc()", (c) => c.labels("x", "y").inc()],
    ["labels({ }).inc(value)", (c) => c.labels(both).inc(5)],
    ["one series by all forms", (c) => [c.inc(both), c.labels("x", "y").inc(2), c.labels(both).inc(3)]],
    ["remove(…)", (c) => [c.inc(both), c.inc({ a: "1", b: "2" }), c.remove("x", "y")]],
    ["remove({ })", (c) => [c.inc(both), c.inc({ a: "1", b: "2" }), c.remove(both)]],
    ["remove({ }) of nothing", (c) => [c.inc(both), c.remove({ a: "1", b: "2" })]],
    ["reset()", (c) => [c.inc(both), c.reset(), c.inc({ a: "1", b: "2" })]],
  ],
  gauge: [
    ["set({ }, value)", (g) => g.set(both, -1.5)],
    ["set({ }, Infinity)", (g) => g.set(both, Number.POSITIVE_INFINITY)],
    ["inc({ }) and dec({ })", (g) => [g.inc(both), g.inc(both, 4), g.dec(both), g.dec(both, 7)]],
    ["labels(…)", (g) => [g.labels("x", "y").set(4), g.labels("x", "y").inc(), g.labels("x", "y").dec(3)]],
    ["labels({ })", (g) => [g.labels(both).inc(4), g.labels(both).dec()]],
    ["remove(…)", (g) => [g.set(both, 1), g.remove("x", "y")]],
    ["remove({ })", (g) => [g.set(both, 1), g.remove(both)]],
    ["reset()", (g) => [g.set(both, 1), g.reset()]],
  ],
  histogram: [
    ["observe({ }, value)", (h) => [h.observe(both, 0.5), h.observe(both, 5), h.observe(both, 1)]],
    ["labels(…).observe()", (h) => h.labels("x", "y").observe(0.5)],
    ["labels({ }).observe()", (h) => h.labels(both).observe(0)],
    ["zero({ })", (h) => h.zero(both)],
    ["zero({ }) again", (h) => [h.observe(both, 1), h.zero(both), h.observe(both, 2)]],
    ["remove(…)", (h) => [h.observe(both, 1), h.remove("x", "y")]],
    ["remove({ })", (h) => [h.observe(both, 1), h.remove(both)]],
    ["reset()", (h) => [h.observe(both, 1), h.reset()]],
  ],
  summary: [
    ["observe({ }, value)", (s) => [s.observe(both, 0.5), s.observe(both, 5)]],
    ["labels(…).observe()", (s) => s.labels("x", "y").observe(0.5)],
    ["labels({ }).observe()", (s) => s.labels(both).observe(0)],
    ["remove(…)", (s) => [s.observe(both, 1), s.remove("x", "y")]],
    ["remove({ })", (s) => [s.observe(both, 1), s.remove(both)]],
  ],
};

const plain: { [T in Type]: [string, (family: Made[T]) => unknown][] } = {
  counter: [
    ["nothing yet", () => undefined],
    ["inc()", (c) => c.inc()],
    ["inc(value)", (c) => c.inc(2.5)],
    ["inc({}, value)", (c) => c.inc({}, 3)],
    ["labels().inc()", (c) => c.labels().inc()],
    ["reset()", (c) => [c.inc(), c.reset()]],
  ],
  gauge: [
    ["nothing yet", () => undefined],
    ["set(value)", (g) => g.set(-3)],
    ["inc(), dec()", (g) => [g.inc(), g.inc(4), g.dec(), g.dec(7)]],
    ["set({}, value)", (g) => g.set({}, 3)],
    ["labels()", (g) => [g.labels().set(3), g.labels().inc()]],
    ["reset()", (g) => [g.inc(), g.reset()]],
  ],
  histogram: [
    ["nothing yet", () => undefined],
    ["observe(value)", (h) => [h.observe(0.5), h.observe(0)]],
    ["observe({}, value)", (h) => h.observe({}, 5)],
    ["observe(undefined, value)", (h) => h.observe(undefined as never, 5)],
    ["observe(null, value)", (h) => h.observe(null as never, 5)],
    ["labels().observe()", (h) => h.labels().observe(5)],
    ["zero({})", (h) => h.zero({})],
  ],
  summary: [
    ["nothing yet", () => undefined],
    ["observe(value)", (s) => [s.observe(0.5), s.observe(0)]],
    ["observe({}, value)", (s) => s.observe({}, 5)],
    ["observe(undefined, value)", (s) => s.observe(undefined as never, 5)],
    ["observe(null, value)", (s) => s.observe(null as never, 5)],
    ["labels().observe()", (s) => s.labels().observe(5)],
    ["reset()", (s) => [s.observe(1), s.reset()]],
  ],
};

const timers: { [T in Exclude<Type, "counter">]: [string, (family: Made[T]) => unknown][] } = {
  gauge: [
    ["startTimer({ })()", (g) => g.startTimer(both)()],
    ["startTimer({ })({ })", (g) => g.startTimer({ a: "x" })({ b: "y" })],
    ["startTimer()({ })", (g) => g.startTimer()(both)],
    ["labels({ }).startTimer()()", (g) => g.labels(both).startTimer()()],
  ],
  histogram: [
    ["startTimer({ })()", (h) => h.startTimer(both)()],
    ["startTimer({ })({ })", (h) => h.startTimer({ a: "x" })({ b: "y" })],
    ["startTimer()({ })", (h) => h.startTimer()(both)],
    ["labels({ }).startTimer()()", (h) => h.labels(both).startTimer()()],
  ],
  summary: [
    ["startTimer({ })()", (s) => s.startTimer(both)()],
    ["startTimer({ })({ })", (s) => s.startTimer({ a: "x" })({ b: "y" })],
    ["startTimer()({ })", (s) => s.startTimer()(both)],
    ["labels({ }).startTimer()()", (s) => s.labels(both).startTimer()()],
    ["labels({ }).startTimer()({ })", (s) => s.labels({ a: "x" }).startTimer()({ b: "y" })],
  ],
};

const CLASSES = { counter: "Counter", gauge: "Gauge", histogram: "Histogram", summary: "Summary" } as const;

async function compare(
  client: Client,
  type: Type,
  { labelNames, call }: { labelNames: L[]; call: AnyCall },
): Promise<{ ours: string[]; theirs: string[]; told: string[] }> {
  const given = { ...options, labelNames, buckets, percentiles };
  const registry = new client.Registry();
  const { metrics, told } = createFixture({}, { client });
  call(new client[CLASSES[type]]({ ...given, registers: [registry] }) as unknown as Made[Type]);
  call(metrics[type](given) as unknown as Made[Type]);
  const [ours, theirs] = await Promise.all([metrics.registry.metrics(), registry.metrics()]);
  return { ours: numbersOf(withSortedLabels(ours)), theirs: numbersOf(withSortedLabels(theirs)), told };
}

type AnyCall = (family: Made[Type]) => unknown;

function rowsOf(
  table: { [K in Type]?: [string, (family: Made[K]) => unknown][] },
): [Type, string, AnyCall][] {
  return (Object.keys(table) as Type[]).flatMap((type) =>
    (table[type] ?? []).map(([title, call]): [Type, string, AnyCall] => [type, title, call as AnyCall]),
  );
}

describe.each(KIN)("a call that $name takes", ({ client }) => {
  it.each(rowsOf(labelled))("does the same to a %s of ours: %s", async (type, _title, call) => {
    const { ours, theirs, told } = await compare(client, type, { labelNames: ["a", "b"], call });
    expect(ours).toEqual(theirs);
    expect(told).toEqual([]);
  });

  it.each(rowsOf(plain))("does the same to a %s of ours without labels: %s", async (type, _title, call) => {
    const { ours, theirs, told } = await compare(client, type, { labelNames: [], call });
    expect(ours).toEqual(theirs);
    expect(told).toEqual([]);
  });

  it.each(rowsOf(timers))("times a %s of ours: %s", async (type, _title, call) => {
    const { ours, theirs, told } = await compare(client, type, { labelNames: ["a", "b"], call });
    const names = (lines: string[]) => lines.map((line) => line.replace(/ \S+$/, ""));
    expect(names(ours)).toEqual(names(theirs));
    expect(told).toEqual([]);
  });
});

describe("the end of a handle's timer", () => {
  it.each(["gauge", "histogram"] as const)("takes further labels for a %s", async (type) => {
    const { metrics, lines } = createFixture();
    const family = metrics[type]({ name: "x", help: "h", labelNames: ["a", "b"] });
    const handle = family.labels("x", "y");
    const seconds = handle.startTimer()({ b: "z" });
    const found = (await lines()).filter((line) => line.includes('b="z"') && !line.includes("le="));
    expect(found.map((line) => line.replace(/ \S+$/, ""))).toEqual(
      type === "gauge" ? ['x{a="x",b="z"}'] : ['x_sum{a="x",b="z"}', 'x_count{a="x",b="z"}'],
    );
    expect(Number(found[0]?.split(" ")[1])).toBe(seconds);
  });

  it.each(["gauge", "histogram", "summary"] as const)(
    "leaves out labels of a %s that cannot be read",
    async (type) => {
      const { metrics, lines, told } = createFixture();
      const family = metrics[type]({ name: "x", help: "h", labelNames: ["a"], percentiles: [] });
      const bad = Object.defineProperty({}, "a", {
        enumerable: true,
        get: () => {
          throw new Error("no");
        },
      });
      family.labels("x").startTimer()(bad);
      expect((await lines()).filter((line) => line.includes('a="x"')).length).toBeGreaterThan(0);
      expect(told).toEqual(["x: labels of a timer threw when they were read; they were left out."]);
    },
  );

  it("finds its labels when the series is far down, or was forgotten", async () => {
    const { metrics, lines } = createFixture({ maxSeriesPerFamily: 5000 });
    const gauge = metrics.gauge({ name: "x", help: "h", labelNames: ["a", "b"] });
    for (let i = 0; i < 1300; i++) gauge.set({ a: i, b: "y" }, 1);
    const end = gauge.labels("1234", "y").startTimer();
    end({ b: "z" });
    expect((await lines()).at(-1)).toMatch(/^x\{a="1234",b="z"\}/);
    gauge.reset();
    end({ b: "late" });
    expect(await lines()).toEqual([expect.stringMatching(/^x\{a="1234",b="late"\}/)]);
  });
});

describe.each(KIN)("with $name, a collect callback", ({ client }) => {
  it("has the family as this, of whatever type", async () => {
    const { metrics, told } = createFixture({}, { client });
    const given = { help: "h", labelNames: ["a"] } as const;
    metrics.counter({
      ...given,
      name: "c_total",
      collect() {
        this.inc({ a: "x" }, 2);
      },
    });
    metrics.gauge({
      ...given,
      name: "g",
      async collect() {
        await Promise.resolve();
        this.set({ a: "x" }, 3);
      },
    });
    metrics.histogram({
      ...given,
      name: "h",
      buckets,
      collect() {
        this.zero({ a: "x" });
      },
    });
    metrics.summary({
      ...given,
      name: "s",
      percentiles,
      collect() {
        this.reset();
        this.observe({ a: "x" }, 4);
      },
    });
    expect(numbersOf(withSortedLabels(await metrics.text()))).toEqual([
      'c_total{a="x"} 2',
      'g{a="x"} 3',
      'h_bucket{a="x",le="1"} 0',
      'h_bucket{a="x",le="+Inf"} 0',
      'h_sum{a="x"} 0',
      'h_count{a="x"} 0',
      's{a="x",quantile="0.5"} 4',
      's_sum{a="x"} 4',
      's_count{a="x"} 1',
    ]);
    expect(told).toEqual([]);
  });
});

describe("get()", () => {
  it.each(KIN)("answers as a metric of $name does", async ({ client }) => {
    for (const type of ["counter", "gauge", "histogram", "summary"] as const) {
      const given = { ...options, labelNames: [] as L[], buckets, percentiles };
      const { metrics } = createFixture({}, { client });
      const theirs = await new client[CLASSES[type]]({ ...given, registers: [] }).get();
      const ours = await metrics[type](given).get();
      const hide = (key: string, value: unknown) => (key === "exemplar" ? undefined : value);
      const plainOf = (read: unknown) => JSON.parse(JSON.stringify(read, hide)) as object;
      expect(plainOf(ours)).toEqual(plainOf(theirs));
    }
  });

  it("reads a family by the fields that a metric of prom-client has", () => {
    const { metrics } = createFixture();
    for (const type of ["counter", "gauge", "histogram", "summary"] as const)
      expect(metrics[type]({ ...options, name: `${type}_x_total` })).toMatchObject({
        name: `${type}_x_total`,
        help: "h",
        type,
        labelNames: ["a", "b"],
        aggregator: "sum",
      });
  });
});

describe("a summary", () => {
  it("takes all of prom-client's options", () => {
    const { metrics } = createFixture();
    const given = { maxAgeSeconds: 60, ageBuckets: 3, pruneAgedBuckets: true, compressCount: 7 };
    metrics.summary({ name: "s", help: "h", ...given });
    expect(metrics.registry.getSingleMetric("s")).toMatchObject(given);
    metrics.summary({ name: "plain", help: "h" });
    expect(metrics.registry.getSingleMetric("plain")).toMatchObject({ compressCount: 1000 });
  });
});
