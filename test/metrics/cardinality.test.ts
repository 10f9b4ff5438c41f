import { describe, expect, it } from "vitest";
import { createFixture } from "./family-fixture.js";

function fill(): ReturnType<typeof createFixture> {
  const fixture = createFixture({ maxSeriesPerFamily: 3 });
  const { metrics } = fixture;
  metrics.gauge({ name: "plain", help: "h" }).set(1);
  const jobs = metrics.counter({ name: "jobs_total", help: "h", labelNames: ["queue", "user"] });
  for (let i = 0; i < 7; i++) jobs.inc({ queue: "mail", user: `secret ${i}` });
  metrics.gauge({ name: "depth", help: "h", labelNames: ["queue"], maxSeries: 9 }).set({ queue: "mail" }, 1);
  metrics.gauge({ name: "busy", help: "h", labelNames: ["queue"] }).set({ queue: "mail" }, 1);
  return fixture;
}

const JOBS = {
  family: "jobs_total",
  series: 4,
  maxSeries: 3,
  dropped: 4,
  values: { queue: 1, user: 3 },
};

describe("cardinality()", () => {
  it("tells series, cap, dropped look-ups and values of each label, most series first", () => {
    const { metrics } = fill();
    const one = { series: 1, maxSeries: 3, dropped: 0 };
    expect(metrics.cardinality()).toEqual([
      JOBS,
      { ...one, family: "busy", values: { queue: 1 } },
      { ...one, family: "depth", maxSeries: 9, values: { queue: 1 } },
      { ...one, family: "plain", values: {} },
    ]);
  });

  it("tells only of the first when asked for a few", () => {
    expect(fill().metrics.cardinality({ top: 1 })).toEqual([JOBS]);
    expect(fill().metrics.cardinality({ top: 0 })).toEqual([]);
  });

  it("reads as a table, without any label value", () => {
    expect(String(fill().metrics.cardinality({ top: 2 }))).toBe(
      [
        "FAMILY      SERIES  DROPPED  VALUES",
        "jobs_total  4/3     4        queue 1, user 3",
        "busy        1/3     0        queue 1",
      ].join("\n"),
    );
  });

  it("is data to JSON", () => {
    const { metrics } = fill();
    expect(JSON.parse(JSON.stringify(metrics.cardinality({ top: 1 })))).toEqual([JOBS]);
  });

  it("leaves out what others registered, and what was removed", () => {
    const { metrics } = fill();
    for (const name of ["plain", "busy", "depth"]) metrics.registry.removeSingleMetric(name);
    expect(metrics.cardinality()).toEqual([JOBS]);
  });
});
