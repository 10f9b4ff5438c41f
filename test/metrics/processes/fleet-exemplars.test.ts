import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import type { Update } from "../../../src/metrics/processes/types.js";
import type { Histogram } from "../../../src/metrics/types.js";
import { createFleetFixture, type FleetFixture } from "./fleet-fixture.js";

const waits = (metrics: Metrics): Histogram<"queue"> =>
  metrics.histogram({ name: "wait_seconds", help: "h", labelNames: ["queue"], buckets: [1, 5] });
const seen = (trace_id: string) => ({ trace_id });

/** The exemplars that the fleet shows, by what stands before the number. */
async function shown({ fleet }: FleetFixture): Promise<Record<string, string>> {
  const text = await fleet.exposition.text(fleet.view.registry, { format: "openmetrics" });
  const lines = text.split("\n").filter((line) => line.includes(" # "));
  return Object.fromEntries(lines.map((line) => line.split(/ \d+ # /) as [string, string]));
}

describe("the exemplars of a fleet", () => {
  it("are each cell's latest, whichever source noted it and in whatever order they tell", async () => {
    const fixture = createFleetFixture();
    const [a, b] = [fixture.member("a"), fixture.member("b")];
    waits(a.metrics).observe({ queue: "x" }, 0.5, seen("old"));
    fixture.clock.unixMs += 1000;
    waits(b.metrics).observe({ queue: "y" }, 3, seen("other"));
    waits(b.metrics).observe({ queue: "x" }, 0.7, seen("new"));
    await b.tell();
    await a.tell();
    expect(await shown(fixture)).toEqual({
      'wait_seconds_bucket{le="1.0",queue="x"}': '{trace_id="new"} 0.7 1700000001.250',
      'wait_seconds_bucket{le="5.0",queue="y"}': '{trace_id="other"} 3 1700000001.250',
    });
  });

  it("are told once each, and all again to whoever knows nothing", async () => {
    const { member } = createFleetFixture();
    const { metrics, tell, journal } = member("a");
    const told = (update: Update) =>
      update.families.flatMap(({ exemplars }) => exemplars?.map(({ exemplar }) => exemplar.labels[1]));
    const histogram = waits(metrics);
    histogram.observe({ queue: "x" }, 0.5, seen("one"));
    expect(told(await tell())).toEqual(["one"]);
    histogram.observe({ queue: "x" }, 0.6);
    histogram.observe({ queue: "x" }, 3, seen("two"));
    expect(told(await tell())).toEqual(["two"]);
    journal.restart();
    expect(told(await tell())).toEqual(["one", "two"]);
  });

  it("stay when their source is gone, and go with their series", async () => {
    const fixture = createFleetFixture({ ttlMs: 1000 });
    const { metrics, tell } = fixture.member("a");
    waits(metrics).observe({ queue: "x" }, 0.5, seen("one"));
    await tell();
    await shown(fixture);
    fixture.fleet.retire("a");
    expect(Object.values(await shown(fixture))).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      fixture.clock.nowMs += 2000;
      await shown(fixture);
    }
    expect(await shown(fixture)).toEqual({});
    expect(await fixture.lines()).toEqual([]);
  });

  it("are left out where a message holds no such thing", async () => {
    const fixture = createFleetFixture();
    const { metrics, journal } = fixture.member("a");
    waits(metrics).observe({ queue: "x" }, 0.5, seen("one"));
    const update = await journal.next();
    const [family] = update.families;
    const good = family?.exemplars?.[0];
    const exemplars = [
      { row: 0, cell: 0, exemplar: { labels: "trace_id", value: 1, atMs: 1 } },
      { row: 0, cell: 0, exemplar: { labels: ["a", "x".repeat(200)], value: 1, atMs: 1 } },
      { row: 0, cell: 99, exemplar: good?.exemplar },
      { row: 7, cell: 0, exemplar: good?.exemplar },
    ];
    fixture.fleet.apply("a", { ...update, families: [{ ...family, exemplars }] } as unknown as Update);
    expect(await shown(fixture)).toEqual({});
    expect(await fixture.lines()).toContain('wait_seconds_count{queue="x"} 1');
  });
});
