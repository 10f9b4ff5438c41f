import { beforeAll, describe, expect, it } from "vitest";
import { createObservability, type Observability, type PushOptions } from "../../src/index.js";
import type { Running } from "../support/background.js";
import { type Prometheus, startPrometheus, startPushgateway } from "../support/prometheus.js";

let prometheus: Prometheus;
let gateway: Running;
beforeAll(async () => {
  [prometheus, gateway] = await Promise.all([startPrometheus({ remoteWrite: true }), startPushgateway()]);
}, 60_000);

const create = (service: string): Observability =>
  createObservability({ service, logging: { level: "silent" }, http: { outgoing: false } });

describe("a real Prometheus", () => {
  const remote = (more: Partial<PushOptions> = {}): PushOptions => ({
    to: "remote-write",
    url: `${prometheus.url}/api/v1/write`,
    ...more,
  });

  it("takes remote write, and sees the first step of a counter and the quantiles of a histogram", async () => {
    const obs = create("batch");
    const jobs = obs.metrics.counter({ name: "batch_jobs_total", help: "J.", labelNames: ["queue"] });
    const waits = obs.metrics.histogram({ name: "batch_wait_seconds", help: "W.", buckets: [1, 2, 4] });
    jobs.inc({ queue: 'odd "names"\n\\ ü' }, 4);
    for (let i = 0; i < 100; i++) waits.observe(1.5);
    const result = await obs.metrics.push(remote({ instance: "one" })).push();
    expect(result).toMatchObject({ ok: true, status: 204 });
    const [series] = await prometheus.query("batch_jobs_total");
    expect(series).toEqual({
      labels: {
        __name__: "batch_jobs_total",
        instance: "one",
        job: "batch",
        queue: 'odd "names"\n\\ ü',
        service: "batch",
      },
      value: 4,
    });
    const [{ value: steps } = { value: 0 }] = await prometheus.query("increase(batch_jobs_total[1m])");
    expect(steps).toBeGreaterThanOrEqual(4);
    const [quantile] = await prometheus.query(
      "histogram_quantile(0.5, sum by (le) (batch_wait_seconds_bucket))",
    );
    expect(quantile?.value).toBeCloseTo(1.5, 5);
    await obs.close();
  });

  it("takes 30000 samples in several requests, and forgets the series that was marked stale at close", async () => {
    const obs = create("many");
    const rooms = obs.metrics.gauge({
      name: "many_rooms",
      help: "R.",
      labelNames: ["id"],
      maxSeries: 30_000,
    });
    for (let i = 0; i < 30_000; i++) rooms.set({ id: i }, i);
    const pusher = obs.metrics.push(remote({ intervalMs: 600_000, closeTimeoutMs: 20_000 }));
    const result = await pusher.push();
    expect(result).toMatchObject({ ok: true, attempts: expect.any(Number) });
    expect(result.attempts).toBeGreaterThanOrEqual(15);
    expect((await prometheus.query("count(many_rooms)"))[0]?.value).toBe(30_000);
    await pusher.close();
    expect(await prometheus.query("many_rooms")).toEqual([]);
    await obs.close();
  });

  it("shows two processes beside each other, and a restart as a reset", async () => {
    for (const [instance, count] of [
      ["a", 10],
      ["b", 20],
      ["a", 3],
    ] as const) {
      const obs = create("pair");
      obs.metrics.counter({ name: "pair_total", help: "P." }).inc(count);
      expect(await obs.metrics.push(remote({ instance, pushOnClose: false })).push()).toMatchObject({
        ok: true,
      });
      await obs.close();
    }
    const series = await prometheus.query("sort(pair_total)");
    expect(series.map(({ labels, value }) => [labels["instance"], value])).toEqual([
      ["a", 3],
      ["b", 20],
    ]);
    const [resets] = await prometheus.query('resets(pair_total{instance="a"}[1m])');
    expect(resets?.value).toBe(1);
  });

  it("refuses what it does not know, and the result says so", async () => {
    const obs = create("lost");
    obs.metrics.gauge({ name: "lost_rooms", help: "L." }).set(1);
    const pusher = obs.metrics.push(remote({ url: `${prometheus.url}/api/v1/nowhere`, pushOnClose: false }));
    expect(await pusher.push()).toMatchObject({ ok: false, outcome: "rejected", status: 404, attempts: 1 });
    await obs.close();
  });
});

describe("a real Pushgateway", () => {
  const push = (more: Partial<PushOptions> = {}): PushOptions => ({
    to: "pushgateway",
    url: gateway.url,
    ...more,
  });
  const shown = async (name: string): Promise<string[]> =>
    (await (await fetch(`${gateway.url}/metrics`)).text())
      .split("\n")
      .filter((line) => line.startsWith(name))
      .sort();

  it.each([false, true])("takes every kind of metric under odd grouping labels (gzip: %s)", async (gzip) => {
    const obs = create("nightly");
    const name = `night${gzip ? "_zip" : ""}`;
    obs.metrics.counter({ name: `${name}_jobs_total`, help: 'Jobs "\\ \n.' }).inc(3);
    obs.metrics.histogram({ name: `${name}_wait_seconds`, help: "W.", buckets: [1] }).observe(0.5);
    obs.metrics.summary({ name: `${name}_size_bytes`, help: "S.", percentiles: [0.5] }).observe(9);
    const grouping = { path: "/a/b", empty: "", dots: "..", text: "ä %2F ?#\n" };
    const pusher = obs.metrics.push(push({ gzip, instance: "i/1", grouping }));
    expect(await pusher.push()).toMatchObject({ ok: true, status: 200 });
    const group =
      'dots="..",empty="",instance="i/1",job="nightly",path="/a/b",service="nightly",text="ä %2F ?#\\n"';
    expect(await shown(`${name}_`)).toEqual(
      [
        `${name}_jobs_total{${group}} 3`,
        `${name}_size_bytes_count{${group}} 1`,
        `${name}_size_bytes_sum{${group}} 9`,
        `${name}_size_bytes{${group},quantile="0.5"} 9`,
        `${name}_wait_seconds_bucket{${group},le="1"} 1`,
        `${name}_wait_seconds_bucket{${group},le="+Inf"} 1`,
        `${name}_wait_seconds_count{${group}} 1`,
        `${name}_wait_seconds_sum{${group}} 0.5`,
      ].sort(),
    );
    expect(await pusher.delete()).toMatchObject({ ok: true, status: 202 });
    await expect.poll(() => shown(`${name}_`)).toEqual([]);
    await obs.close();
  });

  it("keeps two processes in groups of their own; by job only, the last one stays", async () => {
    for (const instance of ["a", "b", false] as const) {
      for (const count of [1, 2]) {
        const obs = create("twins");
        obs.metrics.counter({ name: "twins_total", help: "T." }).inc(count);
        await obs.metrics.push(push({ instance, pushOnClose: false })).push();
        await obs.close();
      }
    }
    expect((await shown("twins_total")).map((line) => line.replace(/job.*"/, "…"))).toEqual([
      'twins_total{instance="",…} 2',
      'twins_total{instance="a",…} 2',
      'twins_total{instance="b",…} 2',
    ]);
  });

  it("replaces the group with PUT, keeps the other metrics with POST", async () => {
    for (const method of ["PUT", "POST"] as const) {
      for (const name of ["first", "second"]) {
        const obs = create(`way_${method}`);
        obs.metrics.gauge({ name: `${method.toLowerCase()}_${name}`, help: "X." }).set(1);
        await obs.metrics.push(push({ method, instance: false, pushOnClose: false })).push();
        await obs.close();
      }
    }
    expect((await shown("put_")).length).toBe(1);
    expect((await shown("post_")).length).toBe(2);
  });

  it("deletes the group at close when asked", async () => {
    const obs = create("gone");
    obs.metrics.gauge({ name: "gone_rooms", help: "X." }).set(1);
    const pusher = obs.metrics.push(push({ deleteOnClose: true }));
    await pusher.push();
    expect((await shown("gone_rooms")).length).toBe(1);
    await obs.close();
    await expect.poll(() => shown("gone_rooms")).toEqual([]);
  });
});
