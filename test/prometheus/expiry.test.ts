import { expect, test } from "vitest";
import { createMetricsHandler } from "../../src/metrics/exposition/handler.js";
import { createScrapeSlots } from "../../src/metrics/exposition/scrape-slots.js";
import { createFixture } from "../metrics/family-fixture.js";
import { startPrometheus } from "../support/prometheus.js";
import { serveMetrics } from "./target.js";

const TTL_MS = 1000;
const { metrics, clock } = createFixture({ ttlMs: TTL_MS });
const jobs = metrics.counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue"] });
const wait = metrics.histogram({ name: "wait_seconds", help: "Wait.", labelNames: ["queue"], buckets: [1] });
const handler = createMetricsHandler({
  format: "text",
  pipeTo: metrics.pipeTo,
  onServe: () => undefined,
  onFault: () => undefined,
  onScrape: () => undefined,
  takeSlot: createScrapeSlots(),
});
const prometheus = await startPrometheus({ scrape: [{ port: await serveMetrics(handler) }] });

const increase = async (name: string, queue: string): Promise<number | undefined> =>
  (await prometheus.query(`increase(${name}{queue="${queue}"}[5m])`))[0]?.value;

async function expire(): Promise<void> {
  clock.nowMs += TTL_MS + 1;
  // One scrape sees the row idle and forgets it, the next no longer shows it.
  await prometheus.scraped();
  await prometheus.scraped();
}

async function shown(): Promise<void> {
  for (let i = 0; i < 3; i++) await prometheus.scraped();
}

test("increase() has the first event of a series, and those after it expired and came back", async () => {
  jobs.inc({ queue: "one" }, 4);
  wait.observe({ queue: "one" }, 0.5);
  await shown();
  // increase() extrapolates up to one more interval at each end.
  const first = (await increase("jobs_total", "one")) as number;
  expect([Math.floor(first / 4), (await increase("wait_seconds_count", "one")) !== 0]).toEqual([1, true]);
  await expire();
  expect(await prometheus.query("jobs_total")).toEqual([]);
  expect(await prometheus.query("wait_seconds_count")).toEqual([]);
  jobs.inc({ queue: "one" }, 4);
  wait.observe({ queue: "one" }, 0.5);
  await shown();
  expect(await prometheus.query("jobs_total")).toMatchObject([{ value: 4 }]);
  expect(Math.floor(((await increase("jobs_total", "one")) as number) / 4)).toBe(2);
  expect(Math.floor((await increase("wait_seconds_count", "one")) as number)).toBe(2);
});
