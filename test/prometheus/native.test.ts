import { afterAll, expect, test } from "vitest";
import { createObservability } from "../../src/index.js";
import { startPrometheus } from "../support/prometheus.js";
import { serveMetrics } from "./target.js";

const obs = createObservability({
  service: "chat",
  logging: { level: "silent" },
  metrics: { nativeHistograms: true },
});
afterAll(() => obs.close());
const wait = obs.metrics.histogram({ name: "wait_seconds", help: "Wait.", labelNames: ["queue"] });
const drift = obs.metrics.histogram({
  name: "drift_seconds",
  help: "Drift.",
  native: { schema: 8, maxBuckets: 20 },
});
const classic = obs.metrics.histogram({ name: "classic_seconds", help: "C.", native: false });
const prometheus = await startPrometheus({
  scrape: [{ port: await serveMetrics(obs.metrics.handler()) }],
  features: ["native-histograms"],
});

const value = async (promql: string): Promise<number> => {
  const [series, ...others] = await prometheus.query(promql);
  expect([promql, others]).toEqual([promql, []]);
  return series?.value ?? Number.NaN;
};

test("Prometheus reads native histograms: counts, sums and quantiles", async () => {
  for (let i = 1; i <= 1000; i++) wait.observe({ queue: "mail" }, i / 1000);
  wait.zero({ queue: "sms" });
  classic.observe(0.2);
  await prometheus.scraped();
  const mail = 'wait_seconds{queue="mail"}';
  expect(await value(`histogram_count(${mail})`)).toBe(1000);
  expect(await value(`histogram_sum(${mail})`)).toBeCloseTo(500.5, 9);
  for (const quantile of [0.01, 0.5, 0.99]) {
    const found = await value(`histogram_quantile(${quantile}, ${mail})`);
    expect(Math.abs(Math.log2(found / quantile))).toBeLessThan(1 / 8);
  }
  expect(await value('histogram_count(wait_seconds{queue="sms"})')).toBe(0);
});

test("Prometheus reads both signs, zeros and numbers far apart, after the resolution was halved", async () => {
  for (let power = -120; power <= 120; power++) {
    drift.observe(2 ** power);
    drift.observe(-(2 ** power));
  }
  for (let i = 0; i < 9; i++) drift.observe(0);
  await prometheus.scraped();
  expect(await value("histogram_count(drift_seconds)")).toBe(491);
  const parts = ["2^-128, 2^130", "-2^130, -2^-128", "-2^-128, 2^-128"].map((range) => {
    const [from, to] = range.split(", ");
    return value(`histogram_count(drift_seconds) * histogram_fraction(${from}, ${to}, drift_seconds)`);
  });
  const [above, below, zero] = await Promise.all(parts);
  expect([above, below].map((share) => Math.round(share as number))).toEqual([241, 241]);
  expect(Math.round(zero as number)).toBe(9);
});

test("a histogram without native buckets keeps its classic ones, one with them loses those in Prometheus", async () => {
  await prometheus.scraped();
  expect(await value("classic_seconds_count")).toBe(1);
  expect((await prometheus.query("classic_seconds_bucket")).length).toBe(12);
  expect(await prometheus.query("wait_seconds_bucket")).toEqual([]);
});

test("rates of native histograms count what came", async () => {
  await prometheus.scraped();
  for (let i = 0; i < 50; i++) wait.observe({ queue: "sms" }, 3);
  await prometheus.scraped();
  await prometheus.scraped();
  const increase = 'increase(wait_seconds{queue="sms"}[1m])';
  expect(await value(`histogram_count(${increase})`)).toBeGreaterThanOrEqual(50);
  const median = await value(`histogram_quantile(0.5, ${increase})`);
  expect(Math.abs(Math.log2(median / 3))).toBeLessThan(1 / 8);
});
