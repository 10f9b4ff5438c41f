import type { ServerResponse } from "node:http";
import * as client from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import { CONTENT_TYPES } from "../../src/metrics/exposition/content-types.js";
import { createMetrics } from "../../src/metrics/index.js";
import type { ExpositionFormat } from "../../src/metrics/types.js";
import { startPrometheus } from "../support/prometheus.js";
import { serveMetrics } from "./target.js";

const QUEUE = 'a"\\\n😀';
const SERIES = 3000;

const metrics = createMetrics({ prefix: "", labels: { service: "chat" }, maxSeriesPerFamily: 10_000 });
const jobs = metrics.counter({ name: "jobs_total", help: 'The "jobs".', labelNames: ["queue"] });
const wait = metrics.histogram({
  ...{ name: "wait_seconds", help: "Wait.", unit: "seconds" },
  ...{ labelNames: ["n"], buckets: [0.1, 1] },
});
const native = metrics.histogram({ name: "native_seconds", help: "Wait.", buckets: [1], native: true });
metrics.counter({ name: "rooms_total", help: "A counter that shares its name in OpenMetrics." }).inc(5);
metrics.gauge({ name: "rooms", help: "With this one." }).set(6);
metrics.summary({ name: "size", help: "Size.", percentiles: [0.5] }).observe(4);
new client.Histogram({
  name: "foreign",
  help: "Theirs.",
  registers: [metrics.registry],
  buckets: [1],
}).observe(2);
jobs.inc({ queue: QUEUE }, 3, { trace_id: "job" });
for (let i = 0; i < SERIES; i++) wait.observe({ n: String(i) }, 0.5, { trace_id: `t${i}` });
for (let i = 1; i <= 100; i++) native.observe(i);

const inFormat = (format: ExpositionFormat) => async (_req: object, res: object) => {
  (res as ServerResponse).setHeader("content-type", CONTENT_TYPES[format]);
  await metrics.pipeTo(res as ServerResponse, { format });
};
const prometheus = await startPrometheus({
  features: ["exemplar-storage", "native-histograms"],
  scrape: [
    { job: "openmetrics", port: await serveMetrics(inFormat("openmetrics")) },
    { job: "protobuf", port: await serveMetrics(inFormat("protobuf")) },
  ],
});
beforeEach(() => prometheus.scraped());

const value = async (promql: string): Promise<number | undefined> =>
  (await prometheus.query(promql))[0]?.value;

interface QueriedExemplars {
  readonly exemplars: readonly { labels: object; value: string }[];
}

async function exemplars(promql: string): Promise<object[]> {
  const now = Date.now() / 1000;
  const path = `/api/v1/query_exemplars?query=${encodeURIComponent(promql)}&start=${now - 600}&end=${now + 600}`;
  const series = (await prometheus.api(path)) as QueriedExemplars[];
  return series.flatMap((one) => one.exemplars.map(({ labels, value }) => ({ labels, value })));
}

describe.each(["openmetrics", "protobuf"])("what Prometheus reads from %s", (job) => {
  it("is every series of a large family, with its numbers", async () => {
    expect(await value(`count(wait_seconds_count{job="${job}"})`)).toBe(SERIES);
    expect(await value(`sum(wait_seconds_sum{job="${job}"})`)).toBe(SERIES / 2);
    expect(await value(`sum(wait_seconds_bucket{job="${job}",le=~"1|1.0"})`)).toBe(SERIES);
  });

  it("is each type, whoever declared it, whatever its labels hold and its names share", async () => {
    expect(await value(`jobs_total{job="${job}",queue=${JSON.stringify(QUEUE)},service="chat"}`)).toBe(3);
    expect(await value(`rooms_total{job="${job}"}`)).toBe(5);
    expect(await value(`rooms{job="${job}"}`)).toBe(6);
    expect(await value(`size{job="${job}",quantile="0.5"}`)).toBe(4);
    expect(await value(`size_sum{job="${job}"}`)).toBe(4);
    expect(await value(`foreign_count{job="${job}"}`)).toBe(1);
  });

  it("leads to traces", async () => {
    expect(await exemplars(`jobs_total{job="${job}"}`)).toEqual([
      { labels: { trace_id: "job" }, value: "3" },
    ]);
    expect(await exemplars(`wait_seconds_bucket{job="${job}",n="2999"}`)).toEqual([
      { labels: { trace_id: "t2999" }, value: "0.5" },
    ]);
  });
});

it("reads native histograms from protobuf", async () => {
  expect(await value('histogram_count(native_seconds{job="protobuf"})')).toBe(100);
  expect(await value('histogram_sum(native_seconds{job="protobuf"})')).toBe(5050);
  expect(await value('histogram_quantile(0.5, native_seconds{job="protobuf"})')).toBeCloseTo(50, -1);
});
