import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { createMetrics, type Metrics } from "../../../src/metrics/index.js";

const settings = { prefix: "", labels: { service: 'ch"at\n' }, maxSeriesPerFamily: 100_000 };

interface Given {
  a: string;
  b: "x" | "y";
}

interface Families {
  readonly counter: { inc(labels: Given, value: number): void };
  readonly gauge: { set(labels: Given, value: number): void; dec(labels: Given, value: number): void };
  readonly histogram: { observe(labels: Given, value: number): void };
}

type Method = "inc" | "set" | "dec" | "observe";

const names = { labelNames: ["a", "b"] as const, help: 'What\\ever\nthis "is".' };
// Not -1: there prom-client counts what is above all bounds.
const buckets = [-2, 0.005, 0.5, 10, 1e21];

function declareOurs(metrics: Metrics): Families {
  return {
    counter: metrics.counter({ ...names, name: "c_total" }),
    gauge: metrics.gauge({ ...names, name: "g" }),
    histogram: metrics.histogram({ ...names, name: "h", buckets }),
  };
}

function declareTheirs(registry: client.Registry): Families {
  const registers = [registry];
  registry.setDefaultLabels(settings.labels);
  return {
    counter: new client.Counter({ ...names, registers, name: "c_total" }),
    gauge: new client.Gauge({ ...names, registers, name: "g" }),
    histogram: new client.Histogram({ ...names, registers, name: "h", buckets: [...buckets] }),
  };
}

const labels = fc.record(
  {
    a: fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "\\", '"', "\n", "\\n", "constructor", "__proto__"),
    ),
    b: fc.constantFrom<"x" | "y">("x", "y"),
  },
  { noNullPrototype: true },
);
const amount = fc.oneof(fc.nat(2000), fc.double({ min: 0, max: 1e300, noNaN: true }));
const level = fc.oneof(fc.integer(), fc.double({ noNaN: true }));
const record: fc.Arbitrary<[Method, Given, number]> = fc.oneof(
  fc.tuple(fc.constant<Method>("inc"), labels, amount),
  fc.tuple(fc.constant<Method>("set"), labels, level),
  fc.tuple(fc.constant<Method>("dec"), labels, amount),
  fc.tuple(fc.constant<Method>("observe"), labels, amount),
);

function apply(
  { counter, gauge, histogram }: Families,
  [method, given, value]: [Method, Given, number],
): void {
  if (method === "inc") counter.inc(given, value);
  else if (method === "observe") histogram.observe(given, value);
  else gauge[method](given, value);
}

async function piped(metrics: Metrics, writable: PassThrough = new PassThrough()): Promise<string> {
  const chunks: Buffer[] = [];
  writable.on("data", (chunk: Buffer) => chunks.push(chunk));
  await metrics.pipeTo(writable);
  await new Promise((resolve) => writable.on("close", resolve));
  return Buffer.concat(chunks).toString();
}

describe("the exposition", () => {
  it("is byte for byte what prom-client makes of the same records, scrape after scrape", async () => {
    const rounds = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rounds, async (batches) => {
        const metrics = createMetrics(settings);
        const registry = new client.Registry();
        const [ours, theirs] = [declareOurs(metrics), declareTheirs(registry)];
        for (const batch of batches) {
          for (const one of batch) for (const families of [ours, theirs]) apply(families, one);
          const expected = await registry.metrics();
          expect(await metrics.text()).toBe(expected);
          expect(await metrics.registry.metrics()).toBe(expected);
          expect(await piped(metrics)).toBe(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is the same over many pieces", async () => {
    const [metrics, registry] = [createMetrics(settings), new client.Registry()];
    const long = "é".repeat(1000);
    for (const families of [declareOurs(metrics), declareTheirs(registry)]) {
      for (let i = 0; i < 1500; i++) families.counter.inc({ a: `${i}${long.slice(i)}`, b: "x" }, i ** 4);
      for (let i = 0; i < 100; i++) families.histogram.observe({ a: `${i}${long.slice(i)}`, b: "y" }, i / 7);
    }
    expect(await metrics.text()).toBe(await registry.metrics());
  });

  it("shows families and series that came, went and came again since the last scrape", async () => {
    const metrics = createMetrics(settings);
    const registry = new client.Registry();
    const theirs = declareTheirs(registry);
    const ours = metrics.counter({ ...names, name: "c_total" });
    for (let i = 0; i < 1200; i++) ours.inc({ a: String(i), b: "x" });
    await metrics.text();
    for (let i = 0; i < 1200; i++) ours.remove(String(i), "x");
    ours.inc({ a: "back", b: "x" }, 3);
    theirs.counter.inc({ a: "back", b: "x" }, 3);
    registry.removeSingleMetric("g");
    registry.removeSingleMetric("h");
    expect(await metrics.text()).toBe(await registry.metrics());
  });

  it("serves the rest when a collect callback throws, rejects, or a foreign metric cannot be read", async () => {
    const told: string[] = [];
    const metrics = createMetrics(settings, { onMisuse: (message) => told.push(message) });
    metrics
      .gauge({
        name: "throws",
        help: "h",
        collect: () => {
          throw new Error("no");
        },
      })
      .set(1);
    metrics.gauge({ name: "rejects", help: "h", collect: () => Promise.reject(new Error("never")) }).set(2);
    const collect = (): never => {
      throw new Error("foreign");
    };
    new client.Gauge({ name: "foreign", help: "h", registers: [metrics.registry], collect });
    metrics.gauge({ name: "fine", help: "h" }).set(4);
    const text = await metrics.text();
    expect(text.match(/^\w+(?=\{)/gm)).toEqual(["throws", "rejects", "fine"]);
    expect(told.sort()).toEqual([
      "foreign: could not be read and was left out: Error: foreign",
      "rejects: its collect callback failed: Error: never",
      "throws: its collect callback failed: Error: no",
    ]);
  });

  it("goes on when whoever is told of misuse throws as well", async () => {
    const metrics = createMetrics(settings, {
      onMisuse: () => {
        throw new Error("deaf");
      },
    });
    const collect = (): never => {
      throw new Error("no");
    };
    new client.Gauge({ name: "foreign", help: "h", registers: [metrics.registry], collect });
    metrics.gauge({ name: "fine", help: "h", collect }).set(Number.NaN);
    expect(await metrics.text()).toContain('fine{service="ch\\"at\\n"} 0');
  });

  it("runs slow collect callbacks side by side", async () => {
    const metrics = createMetrics(settings);
    const running = new Set<string>();
    let most = 0;
    const collect = (name: string) => async () => {
      running.add(name);
      most = Math.max(most, running.size);
      await new Promise(setImmediate);
      running.delete(name);
    };
    metrics.gauge({ name: "a", help: "h", collect: collect("a") });
    new client.Gauge({ name: "b", help: "h", registers: [metrics.registry], collect: collect("b") });
    metrics.gauge({ name: "c", help: "h", collect: collect("c") });
    await metrics.text();
    expect(most).toBe(3);
  });

  it("gives the event loop its turn between pieces, even where the writable drains in the same turn", async () => {
    const metrics = createMetrics(settings);
    const counter = metrics.counter({ ...names, name: "c_total" });
    for (let i = 0; i < 5000; i++) counter.inc({ a: `${i}${"x".repeat(200)}`, b: "x" });
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    const writable = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => process.nextTick(done),
    });
    setImmediate(count);
    await metrics.pipeTo(writable, { sliceMs: 0 });
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(10);
  });
});
