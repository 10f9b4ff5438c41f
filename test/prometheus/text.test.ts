import type { IncomingMessage } from "node:http";
import { afterAll, expect, test } from "vitest";
import { createObservability } from "../../src/index.js";
import { promtool, startPrometheus } from "../support/prometheus.js";
import { serveMetrics } from "./target.js";

const obs = createObservability({ service: "chat", logging: { level: "silent" } });
afterAll(() => obs.close());
const jobs = obs.metrics.counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue"] });
const depth = obs.metrics.gauge({ name: "depth", help: "Depth.", labelNames: ["at"] });
const wait = obs.metrics.histogram({ name: "wait_seconds", help: "Wait.", buckets: [0.1, 1] });
const handler = obs.metrics.handler();
const encodings: unknown[] = [];
const port = await serveMetrics((req, res) => {
  encodings.push((req as IncomingMessage).headers["accept-encoding"]);
  return handler(req, res);
});
const prometheus = await startPrometheus({
  scrape: [{ port }, { port, job: "some", params: { "name[]": ["jobs_total"] } }],
});

const LEVELS = [-1.5e300, 5e-324, 2 ** 53, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const values = async (promql: string): Promise<number[]> =>
  (await prometheus.query(promql)).map(({ value }) => value);

test("Prometheus reads what was recorded, whatever a label holds", async () => {
  const strange = 'a"b\\c\nd{e="f"},ü€😀';
  jobs.inc({ queue: strange }, 3);
  jobs.inc({ queue: "" }, 0.5);
  for (const level of LEVELS) depth.set({ at: String(level) }, level);
  for (const seconds of [0.05, 0.5, 5]) wait.observe(seconds);
  await prometheus.scraped();
  expect(await prometheus.query(`jobs_total{queue!="",job="job0"}`)).toMatchObject([
    { labels: { queue: strange, service: "chat" }, value: 3 },
  ]);
  expect(await values(`jobs_total{queue="",job="job0"}`)).toEqual([0.5]);
  expect(
    (await prometheus.query("depth")).filter(({ labels, value }) => labels["at"] !== String(value)),
  ).toEqual([]);
  expect(await values("count(depth)")).toEqual([LEVELS.length]);
  expect(await values("sort(wait_seconds_bucket)")).toEqual([1, 2, 3]);
  expect(await values("wait_seconds_sum")).toEqual([5.55]);
  expect(await values("wait_seconds_count")).toEqual([3]);
});

test("Prometheus reads what it asked for zipped, and by params with some families alone", async () => {
  await prometheus.scraped();
  expect(new Set(encodings)).toEqual(new Set(["gzip"]));
  const names = (await prometheus.query('group by (__name__) ({job="some", service!=""})')).map(
    ({ labels }) => labels["__name__"],
  );
  expect(names).toEqual(["jobs_total"]);
});

test("promtool reads the whole text", async () => {
  expect((await promtool(["check", "metrics"], "jobs_total{ 1\n")).code).toBe(1);
  const { code, output } = await promtool(["check", "metrics"], await obs.metrics.registry.metrics());
  expect([code, output]).toEqual([0, ""]);
});
