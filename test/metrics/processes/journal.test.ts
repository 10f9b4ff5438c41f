import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { createJournal } from "../../../src/metrics/processes/journal.js";
import { createFixture, type Fixture } from "../family-fixture.js";

function declare(settings = {}): Fixture & { journal: ReturnType<typeof createJournal> } {
  const fixture = createFixture(settings);
  return { ...fixture, journal: fixture.metrics.createJournal() };
}

describe("a journal", () => {
  it("tells everything at first: definitions, rows with their labels, numbers", async () => {
    const { metrics, journal } = declare();
    metrics.counter({ name: "c_total", help: "h", labelNames: ["a", "b"] }).inc({ a: 1, b: "x" }, 3);
    const update = await journal.next();
    expect(update).toMatchObject({ isWhole: true, gone: [], foreign: [] });
    expect(update.families[0]).toMatchObject({
      definition: { name: "c_total", type: "counter", labelNames: ["a", "b"] },
      width: 1,
      gone: [],
      born: [[0, true, "1", "x"]],
      blocks: [{ firstRow: 0, cells: new Float64Array([3]) }],
    });
  });

  it("tells of adopted registries too, as plain data", async () => {
    const { metrics, journal } = declare();
    const theirs = new client.Registry();
    theirs.setDefaultLabels({ app: "legacy" });
    new client.Gauge({ name: "g", help: "h", registers: [theirs] }).set(2);
    metrics.adopt(theirs);
    const { foreign } = structuredClone(await journal.next());
    expect(foreign).toEqual([
      {
        name: "g",
        help: "h",
        type: "gauge",
        aggregator: "sum",
        values: [{ value: 2, labels: { app: "legacy" } }],
      },
    ]);
  });

  it("tells only blocks whose numbers changed, and each label set once", async () => {
    const { metrics, journal } = declare();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    for (let i = 0; i < 1000; i++) counter.inc({ a: i });
    metrics.counter({ name: "idle_total", help: "h" });
    await journal.next();
    counter.inc({ a: 700 });
    const update = await journal.next();
    expect(update.isWhole).toBe(false);
    expect(update.families).toHaveLength(1);
    expect(update.families[0]).toMatchObject({ born: [], gone: [], blocks: [{ firstRow: 512 }] });
    expect(update.families[0]?.definition).toBeUndefined();
    expect(update.families[0]?.blocks[0]?.cells).toHaveLength(488);
    expect((await journal.next()).families).toEqual([]);
  });

  it("tells the numbers of now, which later records do not change", async () => {
    const { metrics, journal } = declare();
    const counter = metrics.counter({ name: "c_total", help: "h" });
    counter.inc();
    const { families } = await journal.next();
    counter.inc();
    expect(families[0]?.blocks[0]?.cells[0]).toBe(1);
  });

  it("tells which rows are forgotten, and new tenants of their places", async () => {
    const { metrics, journal } = declare();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    for (const a of ["x", "y"]) counter.inc({ a });
    await journal.next();
    counter.remove("x");
    counter.inc({ a: "z" });
    counter.remove("y");
    const update = await journal.next();
    expect(update.families[0]).toMatchObject({ gone: [0, 1], born: [[0, true, "z"]] });
  });

  it("tells nothing of a row that came and went unnoticed", async () => {
    const { metrics, journal } = declare();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    await journal.next();
    counter.inc({ a: "x" });
    counter.remove("x");
    expect((await journal.next()).families[0]).toMatchObject({ gone: [], born: [] });
  });

  it("calls a row fresh only while nobody was shown or told of it", async () => {
    const { metrics, journal, lines } = declare();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
    counter.inc({ a: "shown" });
    await lines();
    counter.inc({ a: "new" });
    const isFresh = (update: Awaited<ReturnType<typeof journal.next>>) =>
      update.families[0]?.born.map(([, fresh, text]) => [text, fresh]);
    expect(isFresh(await journal.next())).toEqual([
      ["shown", false],
      ["new", true],
    ]);
    journal.restart();
    expect(isFresh(await journal.next())).toEqual([
      ["shown", false],
      ["new", false],
    ]);
  });

  it("runs the collect callbacks first, and waits for them", async () => {
    const { metrics, journal } = declare();
    const gauge = metrics.gauge({
      name: "g",
      help: "h",
      collect: async () => {
        await new Promise(setImmediate);
        gauge.set(7);
      },
    });
    expect((await journal.next()).families[0]?.blocks[0]?.cells[0]).toBe(7);
  });

  it("tells of families that were taken off the registry, and of new ones under that name", async () => {
    const { metrics, journal } = declare();
    metrics.counter({ name: "c_total", help: "h" });
    const first = await journal.next();
    metrics.registry.removeSingleMetric("c_total");
    metrics.counter({ name: "c_total", help: "other" });
    const update = await journal.next();
    expect(update.gone).toEqual(first.families.map(({ id }) => id));
    expect(update.families[0]?.definition?.help).toBe("other");
    expect(update.families[0]?.id).not.toBe(first.families[0]?.id);
  });

  it("passes on what prom-client records as plain data, without the labels of all series", async () => {
    const { metrics, journal } = declare({ labels: { service: "chat" } });
    const parts = { help: "h", labelNames: ["x"], registers: [metrics.registry] };
    new client.Counter({ ...parts, name: "f_total" }).inc({ x: 1 }, 4);
    metrics.summary({ name: "s", help: "h", percentiles: [] }).observe(2);
    const { foreign } = structuredClone(await journal.next());
    expect(foreign).toEqual([
      {
        name: "f_total",
        help: "h",
        type: "counter",
        aggregator: "sum",
        values: [{ value: 4, labels: { x: 1 } }],
      },
      expect.objectContaining({
        name: "s",
        values: [
          { metricName: "s_sum", value: 2, labels: {} },
          { metricName: "s_count", value: 1, labels: {} },
        ],
      }),
    ]);
  });

  it("leaves out a metric that cannot be read, and tells of it", async () => {
    const { metrics, told, journal } = declare();
    metrics.counter({ name: "c_total", help: "h" }).inc();
    const broken = { name: "broken", help: "h", type: "gauge", get: () => Promise.reject(new Error("no")) };
    metrics.registry.registerMetric(broken as unknown as client.Metric);
    const update = await journal.next();
    expect([update.foreign, update.families.length]).toEqual([[], 1]);
    expect(told).toEqual(["broken: could not be read and was left out: Error: no"]);
  });

  it("tells everything again when another view takes the place of the first", async () => {
    const [one, other] = [declare(), declare()];
    const [first, second] = [(await one.metrics.expose()).view, (await other.metrics.expose()).view];
    const views = [first, first, second];
    const journal = createJournal({
      view: () => views.shift() ?? second,
      report: () => undefined,
    });
    one.metrics.counter({ name: "c_total", help: "h" }).inc();
    other.metrics.counter({ name: "c_total", help: "h" }).inc();
    const wholes: boolean[] = [];
    for (let i = 0; i < 4; i++) wholes.push((await journal.next()).isWhole);
    expect(wholes).toEqual([true, false, true, false]);
  });
});

describe("a journal that can wait for nobody", () => {
  it("tells what is new at once, and others' metrics as they were read last", async () => {
    const { metrics, journal } = declare();
    let collected = 0;
    const counter = metrics.counter({ name: "c_total", help: "h", collect: () => void collected++ });
    const theirs = new client.Gauge({ name: "g", help: "h", registers: [] });
    metrics.registry.registerMetric(theirs);
    counter.inc(1);
    expect(journal.now()).toMatchObject({ isWhole: true, foreign: [] });
    theirs.set(2);
    await journal.next();
    theirs.set(3);
    counter.inc(1);
    expect(journal.now()).toMatchObject({
      isWhole: false,
      families: [{ blocks: [{ cells: new Float64Array([2]) }] }],
      foreign: [{ name: "g", values: [{ value: 2 }] }],
    });
    expect(collected).toBe(1);
    journal.restart();
    expect(journal.now()).toMatchObject({ isWhole: true, families: [{ born: [[0, false]] }] });
  });
});
