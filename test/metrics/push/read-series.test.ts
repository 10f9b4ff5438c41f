import { Counter, Registry } from "prom-client";
import { expect, it } from "vitest";
import { groupSamples } from "../../../src/metrics/families/series.js";
import { type ReadOptions, readSeries } from "../../../src/metrics/push/read-series.js";
import type { SeriesBatch } from "../../../src/metrics/push/types.js";
import type { Gauge } from "../../../src/metrics/types.js";
import { createFixture, type Fixture } from "../family-fixture.js";

async function read({ metrics }: Fixture, options: Partial<ReadOptions> = {}): Promise<SeriesBatch[]> {
  const batches: SeriesBatch[] = [];
  const onFault = (): void => undefined;
  for await (const batch of readSeries(metrics.view, { onFault, ...options })) batches.push(batch);
  return batches;
}

const namesOf = (batches: readonly SeriesBatch[]): string[] => batches.map(({ family }) => family.name);

it("reads ours, strangers' and adopted ones, in the order of the registry, with default labels", async () => {
  const fixture = createFixture({ labels: { service: "chat", zone: "default" } });
  const { metrics } = fixture;
  metrics.counter({ name: "b_total", help: "B.", labelNames: ["zone"] }).inc({ zone: "own" });
  new Counter({ name: "a_total", help: "A.", labelNames: ["zone"], registers: [metrics.registry] }).inc({
    zone: "own",
  });
  metrics.gauge({ name: "c", help: "C." }).set(1);
  const theirs = new Registry();
  new Counter({ name: "d_total", help: "D.", registers: [theirs] }).inc(4);
  metrics.adopt(theirs);
  const batches = await read(fixture);
  expect(namesOf(batches)).toEqual(["b_total", "a_total", "c", "d_total"]);
  expect(batches.map(({ series }) => series[0]?.labels["zone"])).toEqual([
    "own",
    "own",
    "default",
    "default",
  ]);
  expect(batches.map(({ isOwn }) => isOwn)).toEqual([true, false, true, false]);
});

it("runs collect callbacks first, and leaves one that hangs behind with the last values", async () => {
  const fixture = createFixture();
  const load: Gauge<never> = fixture.metrics.gauge({
    name: "load",
    help: "L.",
    collect: (): void => load.set(2),
  });
  const stuck = fixture.metrics.gauge({
    name: "stuck",
    help: "S.",
    collect: () => new Promise(() => undefined),
  });
  stuck.set(1);
  const batches = await read(fixture, { collectTimeoutMs: 30 });
  expect(batches.map(({ series }) => series)).toEqual([
    [{ kind: "number", labels: {}, value: 2 }],
    [{ kind: "number", labels: {}, value: 1 }],
  ]);
});

it("leaves a stranger's metric that hangs out, and names it", async () => {
  const fixture = createFixture();
  const { registry } = fixture.metrics;
  new Counter({
    name: "slow_total",
    help: "S.",
    registers: [registry],
    collect: () => new Promise(() => undefined),
  });
  fixture.metrics.gauge({ name: "load", help: "L." }).set(1);
  const faults: string[] = [];
  const onFault = (name: string, error: unknown): void => void faults.push(`${name}: ${String(error)}`);
  const [slow, load] = await read(fixture, { collectTimeoutMs: 30, onFault });
  expect(slow).toMatchObject({ series: [], isUnread: true });
  expect(load?.series).toHaveLength(1);
  expect(faults).toEqual(["slow_total: Error: did not answer within 30 ms"]);
});

it("lets the event loop have its turn between blocks", async () => {
  const fixture = createFixture({ maxSeriesPerFamily: 5000, maxValuesPerLabel: 5000 });
  const many = fixture.metrics.counter({ name: "many_total", help: "M.", labelNames: ["i"] });
  for (let i = 0; i < 4096; i++) many.inc({ i });
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const batches = await read(fixture, { sliceMs: 0 });
  isOver = true;
  expect(batches.length).toBe(8);
  expect(turns).toBeGreaterThanOrEqual(8);
});

it("joins the lines of a histogram in any order, with or without one for +Inf", () => {
  const family = { name: "w", help: "W.", type: "histogram" } as const;
  const lines = [
    { metricName: "w_count", value: 6, labels: { q: "b", a: 1 } },
    { metricName: "w_bucket", value: 5, labels: { a: 1, le: 10, q: "b" } },
    { metricName: "w_bucket", value: 2, labels: { le: "2", q: "b", a: 1 } },
    { metricName: "w_sum", value: 9, labels: { q: "b", a: 1 } },
  ];
  const joined = {
    kind: "histogram",
    labels: { q: "b", a: "1" },
    bounds: [2, 10],
    counts: [2, 3, 1],
    sum: 9,
    count: 6,
  };
  expect(groupSamples(family, lines)).toEqual([joined]);
  const whole = { metricName: "w_bucket", value: 6, labels: { a: 1, q: "b", le: "+Inf" } };
  expect(groupSamples(family, [whole, ...lines.slice(1)])).toEqual([
    { ...joined, labels: { a: "1", q: "b" } },
  ]);
});
