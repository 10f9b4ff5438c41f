import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type TracingSettings } from "../../../src/tracing/index.js";
import { TLS } from "../../support/tls.js";
import { eventually } from "../eventually.js";
import { type GrpcOptions, receiveGrpc } from "../grpc-receiver.js";
import { readOtlp } from "../otlp.js";
import { makeTrace } from "../sample-trace.js";
import { noteBook } from "../spans.js";

const PEM = join(import.meta.dirname, "..", "..", "support", "tls");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function collector(options?: GrpcOptions) {
  const made = await receiveGrpc(options);
  cleanups.push(made.close);
  return made;
}

function tracingTo(endpoint: string, more: Partial<TracingSettings> = {}) {
  const { note, notes } = noteBook();
  const settings: TracingSettings = {
    service: "chat",
    resource: {},
    headers: {},
    sampleRatio: 1,
    exporter: "otlp",
    protocol: "grpc",
    endpoint,
    ...more,
  };
  const tracing = createTracing(settings, note);
  cleanups.unshift(tracing.close);
  return { tracing, notes };
}

describe("otlp over gRPC", () => {
  it.each(["none", "gzip"] as const)(
    "delivers spans as the official definitions read them (%s)",
    async (compression) => {
      const { url, calls } = await collector();
      const { tracing, notes } = tracingTo(url, { compression, headers: { "api-key": "k" } });
      const ids = makeTrace(tracing.tracer);
      await tracing.close();
      expect(calls).toHaveLength(1);
      expect(calls[0]).toMatchObject({
        path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        headers: { "content-type": "application/grpc", te: "trailers", "api-key": "k" },
      });
      const { resource, spans } = readOtlp(calls[0]?.body as Buffer);
      expect(resource["service.name"]).toBe("chat");
      expect(spans).toMatchObject([
        { traceId: ids.traceId, spanId: ids.query, parentId: ids.server, status: { code: 2 } },
        { spanId: ids.server, parentId: "", attributes: { "app.cached": true }, links: [ids.before] },
      ]);
      expect([tracing.stats().exported, notes]).toEqual([2, []]);
    },
  );

  it("trusts the given authority and shows the given certificate", async () => {
    const tls = { ...TLS, ca: TLS.cert, requestCert: true, rejectUnauthorized: true };
    const { url, calls } = await collector({ tls });
    const { tracing, notes } = tracingTo(url.replace("127.0.0.1", "localhost"), {
      certificate: join(PEM, "cert.pem"),
      clientCertificate: join(PEM, "cert.pem"),
      clientKey: join(PEM, "key.pem"),
      exportTimeoutMs: 10_000,
    });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect([calls.length, notes]).toEqual([1, []]);
  });

  it("counts as lost what the collector refuses, and says why", async () => {
    const { url } = await collector({ status: 7 });
    const { tracing, notes } = tracingTo(url);
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(tracing.stats()).toMatchObject({ exported: 0, dropped: { failed: 1 } });
    expect(notes).toEqual([
      expect.stringMatching(/^tracing\.export\.otlp: 1 span lost: 7 PERMISSION_DENIED/),
    ]);
  });

  it("lets go of a collector that hangs when it is closed, however long an export may take", async () => {
    const { url, calls, sessions } = await collector({ hang: true });
    const { tracing } = tracingTo(url, { exportTimeoutMs: 60_000, batchDelayMs: 1 });
    tracing.tracer.startSpan("a").end();
    await eventually(() => calls.length).toBe(1);
    await tracing.close();
    expect(tracing.stats().dropped.failed).toBe(1);
    await eventually(sessions).toBe(0);
  });

  it.each(["udp://c:4317", "http://c:4317/v1/traces", "http://"])("refuses the endpoint %s", (endpoint) => {
    expect(() => tracingTo(endpoint)).toThrow(/tracing\.endpoint is ".*": expected /);
  });
});
