import { describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../family-fixture.js";

const SECOND = 1000;
const names = { help: "h", labelNames: ["a"] } as const;

async function scrapeAfter(fixture: Fixture, ms: number): Promise<string[]> {
  fixture.clock.nowMs += ms;
  return fixture.lines();
}

describe("a family with a time to live", () => {
  it("shows a new counter as 0 once, so that increase() sees its first event", async () => {
    const fixture = createFixture({ ttlMs: 10 * SECOND });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "x" }, 3);
    expect([await scrapeAfter(fixture, 1), await scrapeAfter(fixture, 1)]).toEqual([
      ['c_total{a="x"} 0'],
      ['c_total{a="x"} 3'],
    ]);
  });

  it("shows a new histogram as 0 once, buckets and all", async () => {
    const fixture = createFixture({ ttlMs: 10 * SECOND });
    fixture.metrics.histogram({ ...names, name: "h", buckets: [1] }).observe({ a: "x" }, 0.5);
    const numbers = (lines: string[]) => lines.map((line) => line.split(" ").at(-1)).join();
    expect([numbers(await scrapeAfter(fixture, 1)), numbers(await scrapeAfter(fixture, 1))]).toEqual([
      "0,0,0,0",
      "1,1,0.5,1",
    ]);
  });

  it("forgets a series idle for longer than that, and keeps one that is used", async () => {
    const fixture = createFixture({ ttlMs: 10 * SECOND });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "idle" });
    for (let i = 0; i < 5; i++) {
      counter.inc({ a: "used" });
      await scrapeAfter(fixture, 5 * SECOND);
    }
    expect(await scrapeAfter(fixture, 1)).toEqual(['c_total{a="used"} 5']);
  });

  it("never loses what was recorded between two scrapes, however long they are apart", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "x" });
    await scrapeAfter(fixture, 1);
    await scrapeAfter(fixture, 1);
    counter.inc({ a: "x" });
    expect(await scrapeAfter(fixture, 100 * SECOND)).toEqual(['c_total{a="x"} 2']);
  });

  it("starts a forgotten counter from 0 when its handle is used again", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    const handle = fixture.metrics.counter({ ...names, name: "c_total" }).labels("x");
    handle.inc(5);
    const shown: string[][] = [];
    for (let i = 0; i < 4; i++) shown.push(await scrapeAfter(fixture, 2 * SECOND));
    handle.inc(2);
    for (let i = 0; i < 2; i++) shown.push(await scrapeAfter(fixture, 1));
    const line = (value: number) => [`c_total{a="x"} ${value}`];
    expect(shown).toEqual([line(0), line(5), [], [], line(0), line(2)]);
  });

  it("forgets an idle summary, and keeps one that observes the same again and again", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    const summary = fixture.metrics.summary({ ...names, name: "s", percentiles: [] });
    summary.observe({ a: "idle" }, 1);
    for (let i = 1; i < 5; i++) {
      summary.observe({ a: "used" }, 0);
      await scrapeAfter(fixture, 2 * SECOND);
    }
    expect(await scrapeAfter(fixture, 1)).toEqual(['s_sum{a="used"} 0', 's_count{a="used"} 4']);
    summary.observe({ a: "idle" }, 3);
    expect(await scrapeAfter(fixture, 1)).toContain('s_sum{a="idle"} 3');
  });

  it("keeps a gauge that is set again and again to the same value", async () => {
    const fixture = createFixture();
    const gauge = fixture.metrics.gauge({ ...names, name: "g", ttlMs: SECOND });
    gauge.set({ a: "idle" }, 1);
    for (let i = 0; i < 5; i++) {
      gauge.set({ a: "set" }, 7);
      await scrapeAfter(fixture, 0.9 * SECOND);
    }
    expect(await scrapeAfter(fixture, 1)).toEqual(['g{a="set"} 7']);
  });

  it("keeps a gauge that was counted up until it is counted down", async () => {
    const fixture = createFixture();
    const gauge = fixture.metrics.gauge({ ...names, name: "g", ttlMs: SECOND });
    gauge.inc({ a: "x" });
    for (let i = 0; i < 5; i++) expect(await scrapeAfter(fixture, 2 * SECOND)).toEqual(['g{a="x"} 1']);
    gauge.dec({ a: "x" });
    expect(await scrapeAfter(fixture, 2 * SECOND)).toEqual(['g{a="x"} 0']);
    expect(await scrapeAfter(fixture, 2 * SECOND)).toEqual([]);
  });

  it("gives the room of forgotten series to new ones, without their numbers", async () => {
    const fixture = createFixture({ ttlMs: SECOND, maxSeriesPerFamily: 2 });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    for (let i = 0; i < 30; i++) {
      counter.inc({ a: `user ${i}` }, 1);
      for (let scrape = 0; scrape < 4; scrape++) await scrapeAfter(fixture, 2 * SECOND);
    }
    expect(fixture.metrics.cardinality()).toMatchObject([{ series: 0, dropped: 0, values: { a: 0 } }]);
  });

  it("shows a new series whole although its row showed the same number before", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "old" }, 5);
    for (let i = 0; i < 2; i++) await scrapeAfter(fixture, 1);
    counter.remove("old");
    counter.inc({ a: "new" }, 5);
    const shown = [await scrapeAfter(fixture, 1), await scrapeAfter(fixture, 1)];
    expect(shown).toEqual([['c_total{a="new"} 0'], ['c_total{a="new"} 5']]);
  });

  it("gives a new gauge its full time, whatever was in its row before", async () => {
    const fixture = createFixture();
    const gauge = fixture.metrics.gauge({ ...names, name: "g", ttlMs: 10 * SECOND });
    gauge.set({ a: "old" }, 0);
    await scrapeAfter(fixture, 1);
    gauge.remove("old");
    fixture.clock.nowMs = 100 * SECOND;
    gauge.labels("new");
    for (let i = 0; i < 3; i++) expect(await scrapeAfter(fixture, SECOND)).toEqual(['g{a="new"} 0']);
  });

  it("keeps its overflow series, and the series of a family without labels", async () => {
    const fixture = createFixture({ ttlMs: SECOND, maxSeriesPerFamily: 1 });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "x" });
    counter.inc({ a: "y" });
    fixture.metrics.counter({ name: "d_total", help: "h" });
    for (let i = 0; i < 5; i++) await scrapeAfter(fixture, 2 * SECOND);
    expect(await scrapeAfter(fixture, 1)).toEqual(['c_total{a="__overflow__"} 1', "d_total 0"]);
  });

  it("forgets series that took in others once they are more than a tenth, or they would fill the family for good", async () => {
    const fixture = createFixture({ ttlMs: SECOND, maxSeriesPerFamily: 20, maxValuesPerLabel: 8 });
    const counter = fixture.metrics.counter({ name: "c_total", help: "h", labelNames: ["a", "b"] });
    for (let i = 0; i < 8; i++) counter.inc({ a: `a${i}`, b: `b${i}` });
    for (let i = 0; i < 8; i++) counter.inc({ a: "further", b: `b${i}` });
    for (let i = 0; i < 4; i++) await scrapeAfter(fixture, 2 * SECOND);
    const kept = await scrapeAfter(fixture, 1);
    expect(kept).toHaveLength(2);
    expect(kept.every((line) => line.includes('a="__overflow__"'))).toBe(true);
  });

  it("is one family's own choice where it says so", async () => {
    const fixture = createFixture();
    const brief = fixture.metrics.gauge({ ...names, name: "brief", ttlMs: SECOND });
    const lasting = fixture.metrics.gauge({ ...names, name: "lasting" });
    for (const gauge of [brief, lasting]) gauge.set({ a: "x" }, 1);
    for (let i = 0; i < 3; i++) await scrapeAfter(fixture, 2 * SECOND);
    expect(await scrapeAfter(fixture, 1)).toEqual(['lasting{a="x"} 1']);
  });

  it("keeps a gauge that was set once, unless its own family says for how long", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    fixture.metrics.gauge({ ...names, name: "build_info" }).set({ a: "1.2.3" }, 1);
    fixture.metrics.gauge({ ...names, name: "queue_length", ttlMs: SECOND }).set({ a: "mail" }, 5);
    for (let i = 0; i < 3; i++) await scrapeAfter(fixture, 2 * SECOND);
    expect(await scrapeAfter(fixture, 1)).toEqual(['build_info{a="1.2.3"} 1']);
  });

  it("keeps a gauge that is set anew for each scrape, and forgets those that its callback leaves out", async () => {
    const fixture = createFixture();
    const queues = new Set(["mail", "push"]);
    const gauge = fixture.metrics.gauge({
      ...names,
      name: "g",
      ttlMs: SECOND,
      collect: () => {
        for (const queue of queues) gauge.set({ a: queue }, 0);
      },
    });
    for (let i = 0; i < 4; i++) await scrapeAfter(fixture, 2 * SECOND);
    queues.delete("push");
    await scrapeAfter(fixture, 2 * SECOND);
    expect(await scrapeAfter(fixture, 2 * SECOND)).toEqual(['g{a="mail"} 0']);
  });
});
