import * as client from "prom-client";
import { createMetrics } from "../../src/metrics/index.js";
import type { CounterHandle } from "../../src/metrics/types.js";

// A day of a service that has a label for its users: 300,000 of them, each there for a moment. Prints, as JSON, the memory
// in use after a quarter of the day, at its end, and after an hour in which nobody came.

const USERS = 300_000;
const SCRAPES = 288;
const MINUTE_MS = 60_000;
const SCRAPE_MS = 5 * MINUTE_MS;
const collectGarbage = globalThis.gc as () => void;

const clock = { nowMs: 0 };
const metrics = createMetrics(
  { prefix: "", labels: { service: "chat" }, maxSeriesPerFamily: 2000, ttlMs: 2 * SCRAPE_MS },
  { client, now: () => clock.nowMs, onMisuse: () => undefined },
);
const labelNames = ["user", "status"] as const;
const requests = metrics.counter({ name: "requests_total", help: "h", labelNames, maxSeries: 10_000 });
const capped = metrics.counter({ name: "capped_total", help: "h", labelNames, maxValues: 300 });
const level = metrics.gauge({ name: "level", help: "h", labelNames, ttlMs: SCRAPE_MS });
const wait = metrics.histogram({ name: "wait_seconds", help: "h", labelNames, buckets: [1] });
const size = metrics.summary({ name: "size", help: "h", labelNames, percentiles: [] });
const held: CounterHandle[] = Array.from({ length: 50 }, (_, i) => requests.labels(`resident ${i}`, "ok"));

// Some come in a body of a megabyte, of which their series must not keep more than the name.
function nameOf(user: number): string {
  const name = `user number ${user} of this day`;
  return user % 100 === 0 ? name.padEnd(2 ** 20).slice(0, name.length) : name;
}

function come(user: number): void {
  const labels = { user: nameOf(user), status: user % 7 };
  requests.labels(labels).inc(1, { trace_id: String(user) });
  capped.inc(labels);
  level.set(labels, user);
  if (user % 8 === 0) wait.observe(labels, user, { trace_id: String(user) });
  if (user % 64 === 0) size.observe(labels, user);
  held[user % held.length]?.inc();
}

async function scrape(round: number): Promise<void> {
  clock.nowMs += SCRAPE_MS;
  if (round % 3 === 0) await metrics.text({ format: "openmetrics" });
  else if (round % 3 === 1) await metrics.registry.getMetricsAsJSON();
  else await metrics.text();
}

async function measure(): Promise<object> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapUsed, arrayBuffers, series: metrics.cardinality().reduce((sum, one) => sum + one.series, 0) };
}

async function run(): Promise<void> {
  const measured: object[] = [];
  const perScrape = Math.floor(USERS / SCRAPES);
  for (let round = 0; round < SCRAPES; round++) {
    for (let i = 0; i < perScrape; i++) come(round * perScrape + i);
    await scrape(round);
    if (round === SCRAPES / 4 || round === SCRAPES - 1) measured.push(await measure());
  }
  for (let round = 0; round < 12; round++) await scrape(round);
  measured.push(await measure());
  process.stdout.write(JSON.stringify(measured));
}

void run();
