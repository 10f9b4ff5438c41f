import { gunzipSync } from "node:zlib";
import { Counter, Histogram } from "prom-client";
import { describe, expect, it } from "vitest";
import { type DecodedAttribute, type DecodedData, decodeExport, exportResponse } from "./protos.js";
import { createPushFixture, START_MS } from "./pusher-fixture.js";
import { type FakeReceiver, startReceiver } from "./receiver.js";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const attributes = (list: readonly DecodedAttribute[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue]));
const sinceStart = (nanoseconds = "0"): number => Number(BigInt(nanoseconds) / 1_000_000n) - START_MS;

function metricsOf({ received }: FakeReceiver, i = -1) {
  const [resource, ...others] = decodeExport(received.at(i)?.body ?? Buffer.alloc(0)).resourceMetrics;
  const [scope, ...more] = resource?.scopeMetrics ?? [];
  expect([others, more]).toEqual([[], []]);
  return { resource: attributes(resource?.resource.attributes), metrics: scope?.metrics ?? [] };
}

const spansOf = (data: DecodedData | undefined): number[][] =>
  (data?.dataPoints ?? []).map((point) => [point.startTimeUnixNano, point.timeUnixNano].map(sinceStart));

describe("OTLP", () => {
  it("sends a counter as monotonic cumulative sum, a gauge, a histogram with its bounds, a summary", async () => {
    const { metrics, open, time } = createPushFixture({ labels: { service: "chat" } });
    metrics
      .counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue", "no"] })
      .inc({ queue: "mail" }, 3);
    metrics.gauge({ name: "load_ratio", help: "Load." }).set(-0.5);
    const waits = metrics.histogram({ name: "wait_seconds", help: "W.", buckets: [0.5, 1], unit: "seconds" });
    for (const value of [0.1, 0.7, 0.8, 5]) waits.observe(value);
    metrics.summary({ name: "size_bytes", help: "S.", percentiles: [0.5] }).observe(7);
    const receiver = await startReceiver({ status: 200, headers: PROTOBUF });
    time.pass(1000);
    const pusher = open({ to: "otlp", url: receiver.url, resource: { team: "a" } });
    expect(await pusher.push()).toMatchObject({ ok: true, series: 4, attempts: 1 });
    expect(receiver.received[0]).toMatchObject({ method: "POST", url: "/v1/metrics" });
    expect(receiver.received[0]?.headers).toMatchObject(PROTOBUF);
    const { resource, metrics: sent } = metricsOf(receiver);
    expect(resource).toEqual({
      "service.name": "chat",
      "service.instance.id": "host-1",
      "telemetry.sdk.name": "telltale",
      team: "a",
    });
    expect(sent.map(({ name, description, unit }) => [name, description, unit])).toEqual([
      ["jobs_total", "Jobs.", undefined],
      ["load_ratio", "Load.", undefined],
      ["wait_seconds", "W.", "s"],
      ["size_bytes", "S.", undefined],
    ]);
    const [jobs, load, wait, size] = sent;
    expect(jobs?.sum).toMatchObject({ aggregationTemporality: "CUMULATIVE", isMonotonic: true });
    expect(spansOf(jobs?.sum)).toEqual([[0, 1000]]);
    expect(jobs?.sum?.dataPoints[0]?.["asDouble"]).toBe(3);
    expect(attributes(jobs?.sum?.dataPoints[0]?.attributes)).toEqual({ service: "chat", queue: "mail" });
    expect(load?.gauge?.dataPoints).toMatchObject([{ asDouble: -0.5 }]);
    expect(load?.gauge?.dataPoints[0]?.startTimeUnixNano ?? "0").toBe("0");
    expect(wait?.histogram).toMatchObject({
      aggregationTemporality: "CUMULATIVE",
      dataPoints: [{ count: "4", sum: 6.6, bucketCounts: ["1", "2", "1"], explicitBounds: [0.5, 1] }],
    });
    expect(spansOf(wait?.histogram)).toEqual([[0, 1000]]);
    expect(attributes(wait?.histogram?.dataPoints[0]?.attributes)).toEqual({ service: "chat" });
    expect(size?.summary?.dataPoints).toMatchObject([
      { count: "1", sum: 7, quantileValues: [{ quantile: 0.5, value: 7 }] },
    ]);
  });

  it("keeps the start from push to push, and moves it where a series began again", async () => {
    const { metrics, open, time } = createPushFixture();
    const jobs = metrics.counter({ name: "jobs_total", help: "J.", labelNames: ["queue"] });
    const theirs = new Counter({ name: "theirs_total", help: "T.", registers: [metrics.registry] });
    const receiver = await startReceiver();
    const pusher = open({ to: "otlp", url: receiver.url });
    const starts = async (): Promise<number[][]> => {
      time.pass(1000);
      await pusher.push();
      return metricsOf(receiver).metrics.map(({ sum }) => spansOf(sum).map(([start]) => start as number));
    };
    jobs.inc({ queue: "a" }, 5);
    theirs.inc(5);
    expect(await starts()).toEqual([[0], [0]]);
    jobs.inc({ queue: "b" });
    expect(await starts()).toEqual([[0, 1000], [0]]);
    jobs.remove({ queue: "b" });
    theirs.reset();
    theirs.inc(2);
    expect(await starts()).toEqual([[0], [2000]]);
    jobs.inc({ queue: "b" });
    expect(await starts()).toEqual([[0, 3000], [2000]]);
    expect(await starts()).toEqual([[0, 3000], [2000]]);
  });

  it("keeps the start of a stranger's series that could not be read for once", async () => {
    const { metrics, open, time } = createPushFixture();
    let isBroken = false;
    const collect = (): void => {
      if (isBroken) throw new Error("down");
    };
    new Counter({ name: "theirs_total", help: "T.", registers: [metrics.registry], collect }).inc(5);
    const receiver = await startReceiver();
    const pusher = open({ to: "otlp", url: receiver.url });
    for (const broken of [false, true, false]) {
      isBroken = broken;
      time.pass(1000);
      await pusher.push();
    }
    expect(receiver.received.length).toBe(2);
    expect(spansOf(metricsOf(receiver).metrics[0]?.sum)).toEqual([[0, 3000]]);
  });

  it("reads a stranger's histogram, label by label", async () => {
    const { metrics, open } = createPushFixture();
    const theirs = new Histogram({
      name: "theirs_seconds",
      help: "T.",
      labelNames: ["q"],
      buckets: [1, 2],
      registers: [metrics.registry],
    });
    for (const [q, value] of [
      ["a", 0.5],
      ["b", 1.5],
      ["a", 3],
    ] as const)
      theirs.observe({ q }, value);
    const receiver = await startReceiver();
    await open({ to: "otlp", url: receiver.url }).push();
    expect(metricsOf(receiver).metrics[0]?.histogram?.dataPoints).toMatchObject([
      { count: "2", sum: 3.5, bucketCounts: ["1", "0", "1"], explicitBounds: [1, 2] },
      { count: "1", sum: 1.5, bucketCounts: ["0", "1", "0"], explicitBounds: [1, 2] },
    ]);
  });

  it("splits what is over the bound, each part whole in itself", async () => {
    const { metrics, open } = createPushFixture();
    for (const name of ["a", "b"]) {
      const gauge = metrics.gauge({ name, help: name, labelNames: ["i"] });
      for (let i = 0; i < 3; i++) gauge.set({ i }, i);
    }
    const receiver = await startReceiver();
    const pusher = open({ to: "otlp", url: receiver.url, maxSamplesPerRequest: 4 });
    expect(await pusher.push()).toMatchObject({ ok: true, attempts: 2, series: 6 });
    const parts = [0, 1].map((i) => metricsOf(receiver, i));
    expect(
      parts.map(({ metrics: sent }) => sent.map(({ name, gauge }) => [name, gauge?.dataPoints.length])),
    ).toEqual([
      [
        ["a", 3],
        ["b", 1],
      ],
      [["b", 2]],
    ]);
    expect(parts.map(({ resource }) => resource["service.name"])).toEqual(["chat", "chat"]);
  });

  it("sends gzipped when asked", async () => {
    const { metrics, open } = createPushFixture();
    metrics.gauge({ name: "a", help: "A." }).set(1);
    const receiver = await startReceiver();
    await open({ to: "otlp", url: receiver.url, gzip: true }).push();
    expect(receiver.received[0]?.headers["content-encoding"]).toBe("gzip");
    const body = gunzipSync(receiver.received[0]?.body ?? Buffer.alloc(0));
    expect(decodeExport(body).resourceMetrics).toHaveLength(1);
  });

  it.each([
    ["an empty answer", { status: 200, headers: PROTOBUF }, { outcome: "ok" }],
    [
      "an answer in JSON",
      { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
      { outcome: "ok" },
    ],
    [
      "rejected points",
      { status: 200, headers: PROTOBUF, body: exportResponse(2, "too old") },
      { outcome: "partial", error: "it rejected 2 data points: too old" },
    ],
    [
      "a warning",
      { status: 200, headers: PROTOBUF, body: exportResponse(0, "soon gone") },
      { outcome: "ok" },
    ],
    [
      "a warning that spells out its 0 rejected points",
      { status: 200, headers: PROTOBUF, body: Buffer.from([0x0a, 5, 0x08, 0, 0x12, 1, 0x77]) },
      { outcome: "ok" },
    ],
    [
      "garbage",
      { status: 200, headers: PROTOBUF, body: Buffer.from("\xff\xff what?", "latin1") },
      { outcome: "rejected", error: expect.stringContaining("it answered 200 with what is no OTLP:") },
    ],
    [
      "a page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
      { outcome: "rejected", error: expect.stringContaining("no receiver") },
    ],
    ["500, which OTLP does not try again", { status: 500 }, { outcome: "rejected", attempts: 1 }],
  ])("reads %s", async (_title, answer, expected) => {
    const { metrics, open } = createPushFixture();
    metrics.gauge({ name: "a", help: "A." }).set(1);
    const receiver = await startReceiver(answer);
    expect(await open({ to: "otlp", url: receiver.url }).push()).toMatchObject(expected);
  });
});
