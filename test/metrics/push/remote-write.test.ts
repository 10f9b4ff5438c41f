import { Counter } from "prom-client";
import { describe, expect, it } from "vitest";
import { decodeWrite, type WrittenSeries } from "./protos.js";
import { createPushFixture, START_MS } from "./pusher-fixture.js";
import { type FakeReceiver, startReceiver } from "./receiver.js";

/** `name{labels}` → the values with their times since the start. */
function table(series: readonly WrittenSeries[]): Record<string, string> {
  return Object.fromEntries(
    series.map(({ labels, samples }) => [
      labels.map(([name, value]) => (name === "__name__" ? `<${value}>` : `${name}=${value}`)).join(" "),
      samples.map(([value, timeMs]) => `${value}@${timeMs - START_MS}`).join(" "),
    ]),
  );
}

const requestAt = ({ received }: FakeReceiver, i: number) =>
  decodeWrite(received.at(i)?.body ?? Buffer.alloc(0));
const last = (receiver: FakeReceiver) => table(requestAt(receiver, -1).series);

describe("remote write", () => {
  it("sends what the specification demands: headers, sorted labels, snappy, metadata", async () => {
    const { metrics, open } = createPushFixture({ labels: { service: "chat", Zone: "a" } });
    metrics.counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue"] }).inc({ queue: "mail" }, 3);
    metrics.gauge({ name: "load_ratio", help: "Load.", unit: "ratio" }).set(0.5);
    const receiver = await startReceiver(204);
    const pusher = open({
      to: "remote-write",
      url: `${receiver.url}/api/v1/write`,
      headers: { Authorization: "Bearer x" },
    });
    expect(await pusher.push()).toMatchObject({
      ok: true,
      outcome: "ok",
      status: 204,
      attempts: 1,
      series: 2,
    });
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: "POST", url: "/api/v1/write" });
    expect(request?.headers).toMatchObject({
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
      "user-agent": "telltale",
      authorization: "Bearer x",
    });
    const { metadata } = requestAt(receiver, 0);
    expect(metadata).toEqual({
      jobs_total: { type: "COUNTER", help: "Jobs.", unit: "" },
      load_ratio: { type: "GAUGE", help: "Load.", unit: "ratio" },
    });
    expect(last(receiver)).toEqual({
      "Zone=a <jobs_total> instance=host-1 job=chat queue=mail service=chat": "0@-1 3@0",
      "Zone=a <load_ratio> instance=host-1 job=chat service=chat": "0.5@0",
    });
  });

  it("sends each bucket of a histogram, cumulative", async () => {
    const { metrics, open } = createPushFixture();
    const waits = metrics.histogram({
      name: "wait_seconds",
      help: "W.",
      labelNames: ["q"],
      buckets: [0.01, 0.5, 1],
    });
    for (const value of [0.1, 0.7, 0.8, 5]) waits.observe({ q: "a" }, value);
    const receiver = await startReceiver();
    await open({ to: "remote-write", url: receiver.url, instance: false, job: "j" }).push();
    expect(last(receiver)).toEqual({
      "<wait_seconds_bucket> job=j le=0.01 q=a": "0@0",
      "<wait_seconds_bucket> job=j le=0.5 q=a": "0@-1 1@0",
      "<wait_seconds_bucket> job=j le=1 q=a": "0@-1 3@0",
      "<wait_seconds_bucket> job=j le=+Inf q=a": "0@-1 4@0",
      "<wait_seconds_sum> job=j q=a": "0@-1 6.6@0",
      "<wait_seconds_count> job=j q=a": "0@-1 4@0",
    });
  });

  it("sends quantiles of a summary without a first 0, sum and count with one", async () => {
    const { metrics, open } = createPushFixture();
    metrics.summary({ name: "size_bytes", help: "S.", percentiles: [0.5] }).observe(7);
    const receiver = await startReceiver();
    await open({ to: "remote-write", url: receiver.url, instance: false, job: "j" }).push();
    expect(last(receiver)).toEqual({
      "<size_bytes> job=j quantile=0.5": "7@0",
      "<size_bytes_sum> job=j": "0@-1 7@0",
      "<size_bytes_count> job=j": "0@-1 1@0",
    });
  });

  it("calls a series' own job and instance exported_, as a scrape does, and leaves empty labels out", async () => {
    const { metrics, open } = createPushFixture();
    const pool = metrics.gauge({
      name: "pool_size",
      help: "P.",
      labelNames: ["instance", "job", "exported_job", "no"],
    });
    pool.set({ instance: "main", job: "x", exported_job: "y" }, 4);
    const receiver = await startReceiver();
    await open({ to: "remote-write", url: receiver.url }).push();
    expect(last(receiver)).toEqual({
      "<pool_size> exported_exported_job=x exported_instance=main exported_job=y instance=host-1 job=chat":
        "4@0",
    });
  });

  it("gives the first 0 again until the receiver has taken it, and only then no more", async () => {
    const { metrics, open, time } = createPushFixture();
    const jobs = metrics.counter({ name: "jobs_total", help: "J." });
    jobs.inc();
    const receiver = await startReceiver(400, 200);
    const pusher = open({ to: "remote-write", url: receiver.url });
    expect(await pusher.push()).toMatchObject({ outcome: "rejected", status: 400, attempts: 1, series: 0 });
    time.pass(1000);
    await pusher.push();
    time.pass(1000);
    jobs.inc();
    await pusher.push();
    const samples = receiver.received.map(({ body }) => Object.values(table(decodeWrite(body).series))[0]);
    expect(samples).toEqual(["0@-1 1@0", "0@999 1@1000", "2@2000"]);
  });

  it("gives a stranger's counter no first 0: its numbers may come from anywhere", async () => {
    const { metrics, open } = createPushFixture();
    new Counter({ name: "theirs_total", help: "T.", registers: [metrics.registry] }).inc(900);
    const receiver = await startReceiver();
    await open({ to: "remote-write", url: receiver.url, instance: false, job: "j" }).push();
    expect(last(receiver)).toEqual({ "<theirs_total> job=j": "900@0" });
  });

  it("marks a series that has gone as stale, once", async () => {
    const { metrics, open, time } = createPushFixture();
    const rooms = metrics.gauge({ name: "rooms", help: "R.", labelNames: ["kind"] });
    rooms.set({ kind: "open" }, 1);
    rooms.set({ kind: "shut" }, 2);
    const receiver = await startReceiver();
    const pusher = open({ to: "remote-write", url: receiver.url, instance: false, job: "j" });
    await pusher.push();
    rooms.remove({ kind: "shut" });
    time.pass(10);
    await pusher.push();
    expect(last(receiver)).toEqual({
      "<rooms> job=j kind=open": "1@10",
      "<rooms> job=j kind=shut": "stale@10",
    });
    time.pass(10);
    await pusher.push();
    expect(last(receiver)).toEqual({ "<rooms> job=j kind=open": "1@20" });
  });

  it("takes the series of a metric that cannot be read now for neither gone nor new", async () => {
    const { metrics, open, time, faults } = createPushFixture();
    let isBroken = false;
    const broken = new Counter({
      name: "theirs_total",
      help: "T.",
      registers: [metrics.registry],
      collect() {
        if (isBroken) throw new Error("down");
      },
    });
    broken.inc(5);
    metrics.gauge({ name: "load_ratio", help: "L." }).set(1);
    const receiver = await startReceiver();
    const pusher = open({ to: "remote-write", url: receiver.url, instance: false, job: "j" });
    await pusher.push();
    isBroken = true;
    time.pass(10);
    await pusher.push();
    expect(last(receiver)).toEqual({ "<load_ratio> job=j": "1@10" });
    expect(faults).toEqual(["theirs_total: Error: down"]);
  });

  it("expires idle series and lets one that comes back begin at 0", async () => {
    const { metrics, open, time, clock } = createPushFixture({ ttlMs: 100 });
    const seen = metrics.counter({ name: "seen_total", help: "S.", labelNames: ["user"] });
    seen.inc({ user: "a" }, 5);
    const receiver = await startReceiver();
    const pusher = open({ to: "remote-write", url: receiver.url, instance: false, job: "j" });
    const pass = (ms: number): void => {
      time.pass(ms);
      clock.nowMs += ms;
    };
    await pusher.push();
    pass(200);
    await pusher.push();
    expect(last(receiver)).toEqual({ "<seen_total> job=j user=a": "stale@200" });
    seen.inc({ user: "a" }, 7);
    pass(200);
    await pusher.push();
    expect(last(receiver)).toEqual({ "<seen_total> job=j user=a": "0@399 7@400" });
  });

  it("splits what is over the bound, and goes on after a refusal of one part", async () => {
    const { metrics, open } = createPushFixture();
    const rooms = metrics.gauge({ name: "rooms", help: "R.", labelNames: ["kind"] });
    for (let i = 0; i < 25; i++) rooms.set({ kind: i }, i);
    const receiver = await startReceiver(200, { status: 400, body: "out of order\nsample" }, 200);
    const pusher = open({ to: "remote-write", url: receiver.url, maxSamplesPerRequest: 10 });
    const result = await pusher.push();
    expect(receiver.received.map(({ body }) => decodeWrite(body).series.length)).toEqual([10, 10, 5]);
    expect(result).toMatchObject({ ok: false, outcome: "partial", attempts: 3, series: 15 });
    expect(result.error).toBe("it answered 400: out of order sample");
  });

  it.each([400, 413, 422])(
    "is partial where but one part was taken, and the other met a %i",
    async (status) => {
      const { metrics, open } = createPushFixture();
      const rooms = metrics.gauge({ name: "rooms", help: "R.", labelNames: ["kind"] });
      for (let i = 0; i < 20; i++) rooms.set({ kind: i }, i);
      const receiver = await startReceiver(status, 200);
      const pusher = open({ to: "remote-write", url: receiver.url, maxSamplesPerRequest: 10 });
      expect(await pusher.push()).toMatchObject({ outcome: "partial", attempts: 2, series: 10 });
    },
  );

  it("stops at a refusal that every part would meet", async () => {
    const { metrics, open } = createPushFixture();
    const rooms = metrics.gauge({ name: "rooms", help: "R.", labelNames: ["kind"] });
    for (let i = 0; i < 25; i++) rooms.set({ kind: i }, i);
    const receiver = await startReceiver(401);
    const pusher = open({ to: "remote-write", url: receiver.url, maxSamplesPerRequest: 10 });
    expect(await pusher.push()).toMatchObject({ outcome: "rejected", attempts: 1, status: 401 });
  });

  it("never repeats a time, nor goes back in it, when the clock does", async () => {
    const { metrics, open, time } = createPushFixture();
    metrics.gauge({ name: "load_ratio", help: "L." }).set(1);
    const receiver = await startReceiver();
    const pusher = open({ to: "remote-write", url: receiver.url });
    await pusher.push();
    time.nowMs -= 60_000;
    await pusher.push();
    await pusher.push();
    const times = receiver.received.map(({ body }) => decodeWrite(body).series[0]?.samples[0]?.[1]);
    expect(times).toEqual([START_MS, START_MS + 2, START_MS + 4]);
  });

  it("marks everything stale when it closes after pushing regularly, and not after a single push", async () => {
    for (const [intervalMs, end] of [
      [60_000, ["1@0", "stale@2"]],
      [0, ["1@0"]],
    ] as const) {
      const { metrics, open } = createPushFixture();
      metrics.gauge({ name: "load_ratio", help: "L." }).set(1);
      const receiver = await startReceiver();
      await open({ to: "remote-write", url: receiver.url, intervalMs }).close();
      expect(receiver.received.map(({ body }) => Object.values(table(decodeWrite(body).series))[0])).toEqual(
        end,
      );
    }
  });
});
