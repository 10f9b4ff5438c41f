import { afterAll, expect, test } from "vitest";
import { createObservability } from "../../src/index.js";
import { startPrometheus } from "../support/prometheus.js";
import { serveMetrics } from "./target.js";

const obs = createObservability({ service: "chat", logging: { level: "silent" } });
afterAll(() => obs.close());
const jobs = obs.metrics.counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue"] });
const wait = obs.metrics.histogram({
  name: "wait_seconds",
  help: "Wait.",
  unit: "seconds",
  buckets: [0.1, 1],
});
const handler = obs.metrics.handler();
const accepted: unknown[] = [];
const port = await serveMetrics((req, res) => {
  accepted.push((req as { headers: { accept?: string } }).headers.accept);
  return handler(req, res);
});
const prometheus = await startPrometheus({ scrape: [{ port }], features: ["exemplar-storage"] });

interface Exemplars {
  readonly seriesLabels: Record<string, string>;
  readonly exemplars: readonly { labels: Record<string, string>; value: string }[];
}

async function exemplarsOf(name: string): Promise<Exemplars[]> {
  const [start, end] = [Date.now() / 1000 - 600, Date.now() / 1000 + 600];
  return (await prometheus.api(
    `/api/v1/query_exemplars?query=${name}&start=${start}&end=${end}`,
  )) as Exemplars[];
}

test("Prometheus asks for OpenMetrics, and reads values and exemplars", async () => {
  jobs.inc({ queue: "mail" }, 3, { trace_id: "a1", span_id: "b2" });
  wait.observe(0.5, { trace_id: "c3" });
  await prometheus.scraped();
  expect(accepted[0]).toMatch(/^application\/openmetrics-text/);
  expect(await prometheus.query("jobs_total")).toMatchObject([{ labels: { queue: "mail" }, value: 3 }]);
  expect((await prometheus.query("sort(wait_seconds_bucket)")).map(({ value }) => value)).toEqual([0, 1, 1]);
  expect(await exemplarsOf("jobs_total")).toMatchObject([
    {
      seriesLabels: { queue: "mail" },
      exemplars: [{ labels: { trace_id: "a1", span_id: "b2" }, value: "3" }],
    },
  ]);
  expect(await exemplarsOf("wait_seconds_bucket")).toMatchObject([
    { seriesLabels: { le: "1.0" }, exemplars: [{ labels: { trace_id: "c3" }, value: "0.5" }] },
  ]);
});

test("the targets page knows unit, help and type", async () => {
  await prometheus.scraped();
  const metadata = (await prometheus.api("/api/v1/metadata?metric=wait_seconds")) as Record<
    string,
    unknown[]
  >;
  expect(metadata["wait_seconds"]).toEqual([{ type: "histogram", help: "Wait.", unit: "seconds" }]);
});
