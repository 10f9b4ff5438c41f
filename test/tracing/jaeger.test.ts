import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { createJaegerExporter } from "../../src/tracing/exporters/jaeger.js";
import { createTracing, type TracingSettings } from "../../src/tracing/index.js";
import { createResource } from "../../src/tracing/resource.js";
import { eventually } from "./eventually.js";
import { type Received, type Receiver, receiveAndHang, receiveHttp, receiveUdp } from "./receiver.js";
import { makeTrace, type SampleTrace } from "./sample-trace.js";
import { fakeSpan, noteBook } from "./spans.js";
import { type Batch, readBatch, readPacket } from "./thrift.js";

const settings: TracingSettings = {
  service: "chat",
  version: "1.2.3",
  environment: "test",
  resource: { "team.name": "rooms" },
  exporter: "jaeger",
  headers: {},
  sampleRatio: 1,
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function tracingTo(endpoint: string, more: Partial<TracingSettings> = {}) {
  const { note, notes } = noteBook();
  const tracing = createTracing({ ...settings, endpoint, ...more }, note);
  cleanups.push(tracing.close);
  return { tracing, notes };
}

function exporterTo(endpoint: string) {
  const { note, notes } = noteBook();
  const target = { type: "jaeger", endpoint, exact: false, headers: {}, timeoutMs: 2000 } as const;
  return { notes, exporter: createJaegerExporter({ target, note, resource: createResource(settings) }) };
}

async function httpReceiver(): Promise<Receiver> {
  const receiver = await receiveHttp(202);
  cleanups.push(receiver.close);
  return receiver;
}

function expectTrace(batch: Batch, ids: SampleTrace): void {
  expect(batch.service).toBe("chat");
  expect(batch.processTags).toMatchObject({
    "service.version": "1.2.3",
    "deployment.environment.name": "test",
    "team.name": "rooms",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.name": "opentelemetry",
  });
  const [query, server] = batch.spans;
  expect(server).toMatchObject({
    name: "GET /rooms/:id",
    traceId: ids.traceId,
    spanId: ids.server,
    parentId: "0000000000000000",
  });
  expect(query).toMatchObject({
    name: "select",
    traceId: ids.traceId,
    spanId: ids.query,
    parentId: ids.server,
  });
  expect(ids.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(server?.tags).toEqual({
    "span.kind": "server",
    "http.route": "/rooms/:id",
    "http.response.status_code": 200,
    "app.cached": true,
    "app.ratio": 0.5,
    "app.tags": '["a","ü"]',
    "otel.scope.name": "telltale",
    "otel.scope.version": expect.stringMatching(/^\d+\.\d+\.\d+/),
    "otel.library.name": "telltale",
    "otel.library.version": expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(query?.tags).toMatchObject({
    "span.kind": "client",
    "db.system.name": "postgresql",
    error: true,
    "otel.status_code": "ERROR",
    "otel.status_description": "no such room",
  });
  expect(query?.logs[0]).toMatchObject({
    event: "exception",
    "exception.type": "RangeError",
    "exception.message": "no such room",
  });
  expect(server?.references[0]).toMatch(/^FOLLOWS_FROM [0-9a-f]{16}$/);
}

describe("jaeger over HTTP", () => {
  it("delivers spans as a Jaeger collector reads them", async () => {
    const receiver = await httpReceiver();
    const { tracing, notes } = tracingTo(receiver.url);
    const before = Date.now();
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    const batches = receiver.received.map(({ body }: Received) => readBatch(body));
    expect(batches).toHaveLength(1);
    expectTrace(batches[0] as Batch, ids);
    expect(batches[0]?.spans[1]?.startMs).toBeGreaterThanOrEqual(before - 1);
    expect(receiver.received[0]).toMatchObject({
      url: "/api/traces",
      headers: { "content-type": "application/x-thrift" },
    });
    expect(tracing.stats()).toMatchObject({ exported: 2, failed: 0 });
    expect(notes).toEqual([]);
  });

  it("keeps path and query of the endpoint, and sends headers and credentials", async () => {
    const receiver = await httpReceiver();
    const endpoint = `${receiver.url.replace("//", "//me:pw@")}/custom?format=jaeger.thrift&a=1`;
    const { tracing } = tracingTo(endpoint, { headers: { "x-tenant": "blue" } });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(receiver.received[0]?.url).toBe("/custom?format=jaeger.thrift&a=1");
    expect(receiver.received[0]?.headers).toMatchObject({
      "x-tenant": "blue",
      authorization: `Basic ${btoa("me:pw")}`,
    });
  });

  it("sends a whole batch of 512 spans in one request", async () => {
    const receiver = await httpReceiver();
    const { tracing } = tracingTo(receiver.url);
    for (let at = 0; at < 600; at++) tracing.tracer.startSpan(`span ${at}`).end();
    await tracing.close();
    expect(receiver.received.map(({ body }) => readBatch(body).spans.length)).toEqual([512, 88]);
  });

  it("sends the spans of two services as two batches, each with its own process", async () => {
    const receiver = await httpReceiver();
    const { exporter } = exporterTo(receiver.url);
    const spanOf = (service: string): ReadableSpan => ({
      ...fakeSpan({ name: `of ${service}` }),
      resource: createResource({ service, resource: { team: `${service} team` } }),
    });
    const sent = await new Promise<ExportResult>((done) => {
      exporter.export([spanOf("a"), spanOf("b")], done);
    });
    await exporter.shutdown();
    expect(sent.code).toBe(0);
    const batches = receiver.received.map(({ body }) => readBatch(body));
    expect(batches.map(({ service, spans }) => [service, spans.map(({ name }) => name)])).toEqual([
      ["a", ["of a"]],
      ["b", ["of b"]],
    ]);
    expect(batches[1]?.processTags).toMatchObject({ team: "b team" });
  });

  it.each(["mute", "halfway"] as const)(
    "frees its connection to a collector that hangs (%s), and sends the next batch",
    async (how) => {
      const receiver = await receiveAndHang(how === "halfway" ? how : undefined);
      cleanups.push(receiver.close);
      const { tracing } = tracingTo(receiver.url, { exportTimeoutMs: 200, batchDelayMs: 1 });
      const send = () => {
        tracing.tracer.startSpan("a").end();
        return receiver.requests();
      };
      await eventually(send).toBeGreaterThanOrEqual(2);
      await eventually(() => tracing.stats().queued).toBe(0);
      await eventually(receiver.sockets).toBe(0);
    },
  );

  it("lets go of the process and of the collector's connections on close", async () => {
    const receiver = await httpReceiver();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const { tracing } = tracingTo(receiver.url);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(timers()).toBe(before);
  });
});

describe("jaeger over UDP", () => {
  it("delivers spans as a Jaeger agent reads them", async () => {
    const receiver = await receiveUdp();
    cleanups.push(receiver.close);
    const { tracing, notes } = tracingTo(`udp://${receiver.host}`);
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    await eventually(() => receiver.packets.length).toBe(1);
    expectTrace(readPacket(receiver.packets[0] as Buffer), ids);
    expect(receiver.packets[0]?.subarray(0, 4).toString("hex")).toBe("80010004");
    expect(notes).toEqual([]);
  });

  it("goes where the endpoint says although the environment names another", async () => {
    process.env.OTEL_EXPORTER_JAEGER_ENDPOINT = "http://127.0.0.1:9/api/traces";
    cleanups.push(async () => void delete process.env.OTEL_EXPORTER_JAEGER_ENDPOINT);
    const receiver = await receiveUdp();
    cleanups.push(receiver.close);
    const { tracing } = tracingTo(receiver.host);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    await eventually(() => receiver.packets.map((packet) => readPacket(packet).spans[0]?.name)).toEqual([
      "a",
    ]);
  });

  it("loses one span that is too large for a packet, not its batch", async () => {
    const receiver = await receiveUdp();
    cleanups.push(receiver.close);
    const { tracing, notes } = tracingTo(receiver.host);
    tracing.tracer.startSpan("before").end();
    const attributes = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`large.${at}`, "x".repeat(8000)]),
    );
    tracing.tracer.startSpan("large", { attributes }).end();
    tracing.tracer.startSpan("after").end();
    await tracing.close();
    await eventually(() =>
      receiver.packets.flatMap((packet) => readPacket(packet).spans.map(({ name }) => name)),
    ).toEqual(["before", "after"]);
    expect(tracing.stats()).toMatchObject({ exported: 2, dropped: { failed: 1 } });
    expect(notes).toEqual([
      expect.stringMatching(
        /^tracing\.export\.jaeger: one span lost: its \d+ bytes do not fit a packet of 65000$/,
      ),
    ]);
  });
});

/** `http://host:16686` of a Jaeger whose OTLP, Thrift and Zipkin receivers listen on the same host at their own ports. */
const JAEGER_URL = process.env["JAEGER_URL"];
if (JAEGER_URL === undefined)
  console.info("JAEGER_URL is not set: what a real Jaeger makes of the spans is not tested");
else
  describe("a real Jaeger", () => {
    const { hostname } = new URL(JAEGER_URL);

    it.each([
      { exporter: "otlp", endpoint: `http://${hostname}:4318` },
      { exporter: "otlp", protocol: "http/json", endpoint: `http://${hostname}:4318` },
      { exporter: "otlp", protocol: "grpc", endpoint: `http://${hostname}:4317` },
      { exporter: "jaeger", endpoint: `http://${hostname}:14268` },
      { exporter: "jaeger", endpoint: `udp://${hostname}:6832` },
      { exporter: "zipkin", endpoint: `http://${hostname}:9411` },
    ] as const)("shows the trace that came by $exporter $protocol $endpoint", async (chosen) => {
      const { note, notes } = noteBook();
      const tracing = createTracing({ ...settings, ...chosen }, note);
      const ids = makeTrace(tracing.tracer);
      await tracing.close();
      expect(notes).toEqual([]);
      const spansOf = async (): Promise<string[]> => {
        const answer = await fetch(new URL(`/api/traces/${ids.traceId}`, JAEGER_URL));
        const { data } = (await answer.json()) as { data: { spans: { operationName: string }[] }[] | null };
        return (data?.[0]?.spans ?? []).map(({ operationName }) => operationName.toLowerCase()).sort();
      };
      await eventually(spansOf).toEqual(["get /rooms/:id", "select"]);
    });
  });
