import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type TracingSettings } from "../../../src/tracing/index.js";
import { readOtlp } from "../protobuf.js";
import { type Receiver, receiveHttp } from "../receiver.js";
import { noteBook } from "../spans.js";

const settings: TracingSettings = {
  service: "chat",
  version: "1.2.3",
  environment: "test",
  resource: { "team.name": "rooms" },
  exporter: "otlp",
  headers: { authorization: "Bearer token" },
  sampleRatio: 1,
};

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function receiver(): Promise<Receiver> {
  const made = await receiveHttp();
  cleanups.push(made.close);
  return made;
}

describe("otlp", () => {
  it("delivers spans as a collector reads them", async () => {
    const { url, received } = await receiver();
    const { note, notes } = noteBook();
    const tracing = createTracing({ ...settings, endpoint: url }, note);
    const server = tracing.tracer.startSpan("GET /rooms/:id", { kind: SpanKind.SERVER });
    const child = tracing.tracer.startSpan(
      "select",
      { kind: SpanKind.CLIENT },
      trace.setSpan(ROOT_CONTEXT, server),
    );
    child.setAttributes({ "db.system.name": "postgresql", rows: 3, cached: false, ratio: 0.5 });
    child.setStatus({ code: SpanStatusCode.ERROR, message: "no such room" });
    child.end();
    server.end();
    await tracing.close();

    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      url: "/v1/traces",
      headers: { "content-type": "application/x-protobuf", authorization: "Bearer token" },
    });
    const { resource, scope, spans } = readOtlp(received[0]?.body as Buffer);
    expect(scope).toBe("telltale");
    expect(resource).toMatchObject({
      "service.name": "chat",
      "service.version": "1.2.3",
      "deployment.environment.name": "test",
      "team.name": "rooms",
      "telemetry.sdk.name": "opentelemetry",
    });
    const ids = server.spanContext();
    expect(spans).toEqual([
      {
        traceId: ids.traceId,
        spanId: child.spanContext().spanId,
        parentId: ids.spanId,
        name: "select",
        kind: 3,
        attributes: { "db.system.name": "postgresql", rows: 3, cached: false, ratio: 0.5 },
        status: { code: 2, message: "no such room" },
      },
      {
        traceId: ids.traceId,
        spanId: ids.spanId,
        parentId: "",
        name: "GET /rooms/:id",
        kind: 2,
        attributes: {},
        status: { code: 0, message: "" },
      },
    ]);
    expect(tracing.stats()).toMatchObject({ exported: 2, failed: 0 });
    expect(notes).toEqual([]);
  });

  it("keeps the path and query of an endpoint that has them", async () => {
    const { url, received } = await receiver();
    const tracing = createTracing({ ...settings, endpoint: `${url}/tenant/a?key=1` }, noteBook().note);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.url).toBe("/tenant/a?key=1");
  });

  it("goes where the environment says when no endpoint is given", async () => {
    const { url, received } = await receiver();
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `${url}/otlp`;
    cleanups.push(() => delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
    const tracing = createTracing(settings, noteBook().note);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.url).toBe("/otlp/v1/traces");
  });

  it("notes a certificate file that cannot be read, and goes on", async () => {
    process.env.OTEL_EXPORTER_OTLP_CERTIFICATE = "/nowhere/ca.pem";
    cleanups.push(() => delete process.env.OTEL_EXPORTER_OTLP_CERTIFICATE);
    const { note, notes } = noteBook();
    const tracing = createTracing({ ...settings, endpoint: "https://127.0.0.1:1" }, note);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(notes[0]).toMatch(/^tracing\.otlp: .*ENOENT.*\/nowhere\/ca\.pem/);
    expect(tracing.stats().failed).toBe(1);
  });
});
