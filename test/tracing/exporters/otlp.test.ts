import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type TracingSettings } from "../../../src/tracing/index.js";
import { TLS } from "../../support/tls.js";
import { eventually } from "../eventually.js";
import { type OtlpRequest, readOtlp, readOtlpJson } from "../otlp.js";
import { closedPort, type Receiver, receiveHttp } from "../receiver.js";
import { makeTrace, type SampleTrace } from "../sample-trace.js";
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
const PEM = join(import.meta.dirname, "..", "..", "support", "tls");

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function receiver(status?: number): Promise<Receiver> {
  const made = await receiveHttp(status);
  cleanups.push(made.close);
  return made;
}

function tracingWith(more: Partial<TracingSettings>) {
  const { note, notes } = noteBook();
  const tracing = createTracing({ ...settings, ...more }, note);
  cleanups.push(tracing.close);
  return { tracing, notes };
}

function setEnvironment(name: string, value: string): void {
  process.env[name] = value;
  cleanups.push(() => delete process.env[name]);
}

function expectTrace({ resource, scope, spans }: OtlpRequest, ids: SampleTrace): void {
  expect(scope).toBe("telltale");
  expect(resource).toMatchObject({
    "service.name": "chat",
    "service.version": "1.2.3",
    "deployment.environment.name": "test",
    "team.name": "rooms",
    "telemetry.sdk.name": "opentelemetry",
  });
  expect(spans.map(({ startMs, endMs }) => endMs >= startMs && startMs > 1.7e12)).toEqual([true, true]);
  expect(spans[0]).toMatchObject({
    traceId: ids.traceId,
    spanId: ids.query,
    parentId: ids.server,
    name: "select",
    kind: 3,
    attributes: { "db.system.name": "postgresql" },
    events: [{ name: "exception", attributes: { "exception.type": "RangeError" } }],
    status: { code: 2, message: "no such room" },
  });
  expect(spans[1]).toMatchObject({
    spanId: ids.server,
    parentId: "",
    name: "GET /rooms/:id",
    kind: 2,
    attributes: {
      "http.route": "/rooms/:id",
      "http.response.status_code": 200,
      "app.cached": true,
      "app.ratio": 0.5,
      "app.tags": [{ stringValue: "a" }, { stringValue: "ü" }].map(({ stringValue }) => stringValue),
    },
    links: [ids.before],
    status: { code: 0, message: "" },
  });
}

describe("otlp over HTTP", () => {
  it.each([
    ["http/protobuf", "application/x-protobuf", readOtlp],
    ["http/json", "application/json", readOtlpJson],
  ] as const)("delivers spans as %s, as the official definitions read them", async (protocol, type, read) => {
    const { url, received } = await receiver();
    const { tracing, notes } = tracingWith({ endpoint: url, protocol });
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      url: "/v1/traces",
      headers: { "content-type": type, authorization: "Bearer token" },
    });
    expectTrace(read(received[0]?.body as Buffer), ids);
    expect(tracing.stats()).toMatchObject({ exported: 2, failed: 0 });
    expect(notes).toEqual([]);
  });

  it.each(["http/protobuf", "http/json"] as const)("compresses %s when it is told", async (protocol) => {
    const { url, received } = await receiver();
    const { tracing } = tracingWith({ endpoint: url, protocol, compression: "gzip" });
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    expect(received[0]?.headers["content-encoding"]).toBe("gzip");
    const body = gunzipSync(received[0]?.body as Buffer);
    expectTrace(protocol === "http/json" ? readOtlpJson(body) : readOtlp(body), ids);
  });

  it("keeps the path and query of an endpoint that has them", async () => {
    const { url, received } = await receiver();
    const { tracing } = tracingWith({ endpoint: `${url}/tenant/a?key=1` });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.url).toBe("/tenant/a?key=1");
  });

  it("posts to the very URL that the environment gives for traces", async () => {
    const { url, received } = await receiver();
    const { tracing } = tracingWith({ endpoints: { otlp: url } });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.url).toBe("/");
  });

  it("goes where the environment says when no endpoint is given", async () => {
    const { url, received } = await receiver();
    setEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", `${url}/otlp`);
    const { tracing } = tracingWith({});
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.url).toBe("/otlp/v1/traces");
  });

  it("adds the environment's headers to its own, which win", async () => {
    const { url, received } = await receiver();
    setEnvironment("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a,x-zone=eu%2Dwest");
    setEnvironment("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-tenant=b,authorization=other");
    const { tracing } = tracingWith({ endpoint: url });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(received[0]?.headers).toMatchObject({
      "x-tenant": "b",
      "x-zone": "eu-west",
      authorization: "Bearer token",
    });
  });

  it("tries again when the collector asks for patience, as soon as it says", async () => {
    const answers = [{ status: 503, headers: { "retry-after": "1" } }, { status: 200 }];
    const collector = await receiveHttp(() => answers.shift() ?? { status: 500 });
    cleanups.push(collector.close);
    const { tracing, notes } = tracingWith({
      endpoint: collector.url,
      exportTimeoutMs: 10_000,
      batchDelayMs: 1,
    });
    tracing.tracer.startSpan("a").end();
    await eventually(() => tracing.stats().exported).toBe(1);
    expect([collector.received.length, notes]).toEqual([2, []]);
  });

  it("drops a batch that the collector wants later than an export may take", async () => {
    const collector = await receiveHttp(() => ({ status: 503, headers: { "retry-after": "3600" } }));
    cleanups.push(collector.close);
    const { tracing } = tracingWith({ endpoint: collector.url, batchDelayMs: 1 });
    tracing.tracer.startSpan("a").end();
    await eventually(() => tracing.stats().dropped.failed).toBe(1);
    expect(collector.received).toHaveLength(1);
  });

  it("never drops a span for a refused connection without saying so", async () => {
    const { tracing, notes } = tracingWith({
      endpoint: `http://127.0.0.1:${await closedPort()}`,
      exportTimeoutMs: 50,
    });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(notes).toEqual([expect.stringMatching(/^tracing\.export\.otlp: 1 span lost: /)]);
  });
});

describe("otlp with TLS", () => {
  async function secureCollector() {
    const seen: { authorized: boolean; body: Buffer }[] = [];
    const server = createServer({ ...TLS, ca: TLS.cert, requestCert: true, rejectUnauthorized: false });
    server.on("request", (req, res) => {
      void buffer(req).then((body) => {
        seen.push({ authorized: (req.socket as TLSSocket).authorized, body });
        res.end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanups.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  const files = {
    certificate: join(PEM, "cert.pem"),
    clientCertificate: join(PEM, "cert.pem"),
    clientKey: join(PEM, "key.pem"),
  };

  it("trusts the given authority and shows the given certificate", async () => {
    const { url, seen } = await secureCollector();
    const { tracing, notes } = tracingWith({ endpoint: url, ...files });
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    expect([seen.length, seen[0]?.authorized, notes]).toEqual([1, true, []]);
    expectTrace(readOtlp(seen[0]?.body as Buffer), ids);
  });

  it("reads the files that the environment names", async () => {
    const { url, seen } = await secureCollector();
    setEnvironment("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem");
    setEnvironment("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", files.certificate);
    setEnvironment("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", files.clientCertificate);
    setEnvironment("OTEL_EXPORTER_OTLP_CLIENT_KEY", files.clientKey);
    const { tracing } = tracingWith({ endpoint: url });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(seen.map(({ authorized }) => authorized)).toEqual([true]);
  });

  it("sends nothing to a collector that it cannot trust", async () => {
    const { url, seen } = await secureCollector();
    const { tracing, notes } = tracingWith({ endpoint: url });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect([seen, notes]).toEqual([[], [expect.stringContaining("self-signed certificate")]]);
  });

  it("notes a certificate file that cannot be read, and goes on", async () => {
    const { tracing, notes } = tracingWith({
      endpoint: `https://127.0.0.1:${await closedPort()}`,
      certificate: "/nowhere/ca.pem",
      exportTimeoutMs: 500,
    });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(notes).toContainEqual(expect.stringMatching(/^tracing\.otlp: .*ENOENT.*\/nowhere\/ca\.pem/));
    expect(tracing.stats().failed).toBe(1);
  });
});
