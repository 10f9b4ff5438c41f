import { expect, it } from "vitest";
import { createObservability } from "../src/observability.js";

it("counts the look-ups that a cap folded, by family, and goes on from where it was", async () => {
  const obs = createObservability({
    service: "chat",
    metrics: { maxSeriesPerFamily: 3, maxValuesPerLabel: 2, ttlMs: 1, process: false },
    logging: { level: "silent" },
    tracing: false,
  });
  const jobs = obs.metrics.counter({ name: "jobs_total", help: "h", labelNames: ["user"] });
  obs.metrics.gauge({ name: "depth", help: "h", labelNames: ["queue"] }).set({ queue: "mail" }, 1);
  const shown = async (): Promise<string[]> =>
    (await obs.metrics.registry.metrics()).match(/^telltale_series_dropped_total\{.*/gm) ?? [];
  const line = (count: number): string[] => [
    `telltale_series_dropped_total{family="jobs_total",service="chat"} ${count}`,
  ];
  for (let i = 0; i < 5; i++) jobs.inc({ user: `u${i}` });
  expect([await shown(), await shown()]).toEqual([line(3), line(3)]);
  jobs.inc({ user: "u5" });
  expect(await shown()).toEqual(line(4));
  await obs.close();
});
