import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type TracingSettings } from "../../../src/tracing/index.js";
import { eventually } from "../eventually.js";
import { receiveAndHang, receiveHttp } from "../receiver.js";
import { makeTrace } from "../sample-trace.js";
import { noteBook } from "../spans.js";
import { readZipkin } from "../zipkin-json.js";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function tracingTo(more: Partial<TracingSettings>) {
  const { note, notes } = noteBook();
  const settings: TracingSettings = {
    service: "chat",
    resource: { "team.name": "rooms" },
    headers: {},
    sampleRatio: 1,
    exporter: "zipkin",
    ...more,
  };
  const tracing = createTracing(settings, note);
  cleanups.unshift(tracing.close);
  return { tracing, notes };
}

async function collector(status?: number) {
  const made = await receiveHttp(status);
  cleanups.push(made.close);
  return made;
}

describe("zipkin", () => {
  it("delivers spans as Zipkin's definitions want them", async () => {
    const { url, received } = await collector(202);
    const { tracing, notes } = tracingTo({ endpoint: url, headers: { "x-tenant": "blue" } });
    const ids = makeTrace(tracing.tracer);
    await tracing.close();
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      url: "/api/v2/spans",
      headers: { "content-type": "application/json", "x-tenant": "blue" },
    });
    const [query, server] = readZipkin(received[0]?.body as Buffer);
    expect(query).toMatchObject({
      traceId: ids.traceId,
      id: ids.query,
      parentId: ids.server,
      name: "select",
      kind: "CLIENT",
      localEndpoint: { serviceName: "chat" },
      annotations: [{ value: "exception" }],
      tags: { "otel.status_code": "ERROR", error: "no such room", "team.name": "rooms" },
    });
    expect(server).toMatchObject({ id: ids.server, kind: "SERVER", tags: { "app.cached": "true" } });
    expect(server).not.toHaveProperty("parentId");
    expect([tracing.stats().exported, notes]).toEqual([2, []]);
  });

  it("writes whole microseconds, and one for a span that was shorter", async () => {
    const { url, received } = await collector(202);
    const { tracing } = tracingTo({ endpoint: url });
    tracing.tracer.startSpan("short", { startTime: [1000, 1700] }).end([1000, 1710]);
    await tracing.close();
    expect(readZipkin(received[0]?.body as Buffer)).toMatchObject([
      { timestamp: 1_000_000_002, duration: 1 },
    ]);
  });

  it("keeps the path and query of an endpoint, and goes where the environment says", async () => {
    const { url, received } = await collector(202);
    process.env["OTEL_EXPORTER_ZIPKIN_ENDPOINT"] = `${url}/env?b=2`;
    cleanups.push(() => delete process.env["OTEL_EXPORTER_ZIPKIN_ENDPOINT"]);
    for (const more of [{ endpoint: `${url}/own?a=1` }, {}]) {
      const { tracing } = tracingTo(more);
      tracing.tracer.startSpan("a").end();
      await tracing.close();
    }
    expect(received.map((request) => request.url)).toEqual(["/own?a=1", "/env?b=2"]);
  });

  it.each([301, 400, 503])("counts as lost what the collector answers with %i", async (status) => {
    const { url } = await collector(status);
    const { tracing, notes } = tracingTo({ endpoint: url });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(tracing.stats()).toMatchObject({ exported: 0, dropped: { failed: 1 } });
    expect(notes).toEqual([`tracing.export.zipkin: 1 span lost: the collector answered ${status}`]);
  });

  it.each(["mute", "halfway"] as const)(
    "frees its connection to a collector that hangs (%s), and sends the next batch",
    async (how) => {
      const hung = await receiveAndHang(how === "halfway" ? how : undefined);
      cleanups.push(hung.close);
      const { tracing } = tracingTo({ endpoint: hung.url, exportTimeoutMs: 200, batchDelayMs: 1 });
      const send = () => {
        tracing.tracer.startSpan("a").end();
        return hung.requests();
      };
      await eventually(send).toBeGreaterThanOrEqual(2);
      await eventually(() => tracing.stats().queued).toBe(0);
      expect(tracing.stats().exported).toBe(0);
      await eventually(hung.sockets).toBe(0);
    },
  );

  it.each(["zipkin:9411", "udp://zipkin"])("refuses the endpoint %s", (endpoint) => {
    expect(() => tracingTo({ endpoint })).toThrow(/tracing\.endpoint is ".*": expected an http/);
  });
});
