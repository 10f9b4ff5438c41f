import { context, INVALID_SPAN_CONTEXT, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { ObservabilityError } from "../../src/errors.js";
import { writeJsonIds } from "../../src/logging/formats/json.js";
import { contexts, RequestContext } from "../../src/tracing/context.js";
import { apiGlobals } from "../../src/tracing/globals.js";
import { createTracing, type TracingSettings } from "../../src/tracing/index.js";
import { noteBook } from "./spans.js";

const base = { service: "chat", resource: {}, headers: {}, sampleRatio: 1 };

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

function memory(): { exporter: SpanExporter; names: string[]; spans: ReadableSpan[] } {
  const spans: ReadableSpan[] = [];
  const names: string[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      names.push(...batch.map(({ name }) => name));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  return { exporter, names, spans };
}

function tracingWith(exporter: TracingSettings["exporter"], more: Partial<TracingSettings> = {}) {
  const { note, notes } = noteBook();
  return { notes, tracing: createTracing({ ...base, exporter, ...more }, note) };
}

describe("tracing that is off", () => {
  it("does nothing and registers nothing", async () => {
    const tracing = createTracing(false, noteBook().note);
    expect(tracing.tracer.startSpan("a").spanContext()).toEqual(INVALID_SPAN_CONTEXT);
    expect([tracing.exporting, tracing.stats().exported]).toEqual([false, 0]);
    expect([apiGlobals().context, apiGlobals().trace, apiGlobals().propagation]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await tracing.close();
  });
});

describe("the exporter none", () => {
  it("gives logs their ids, and sends none of a trace that nobody has decided on", async () => {
    const { tracing } = tracingWith("none");
    const span = tracing.tracer.startSpan("GET /");
    const ctx = new RequestContext(ROOT_CONTEXT, span, "r1");
    const { traceId, spanId } = span.spanContext();
    const carrier: Record<string, string> = {};
    contexts.run(ctx, () => {
      expect(contexts.logChunk(writeJsonIds)).toBe(
        `,"trace_id":"${traceId}","span_id":"${spanId}","request_id":"r1"`,
      );
      propagation.inject(context.active(), carrier);
    });
    expect(carrier).toEqual({});
    expect([tracing.exporting, span.isRecording()]).toEqual([false, false]);
    await tracing.close();
    expect([apiGlobals().context, apiGlobals().propagation]).toEqual([undefined, undefined]);
  });

  it("leaves the place of the tracer provider to an SDK of the service's own", async () => {
    const { tracing } = tracingWith("none");
    expect(trace.setGlobalTracerProvider({ getTracer: () => tracing.tracer })).toBe(true);
    await tracing.close();
    expect(apiGlobals().trace).toBeDefined();
  });
});

describe("tracing that exports", () => {
  it("serves the service's own api calls: its spans nest under ours and go the same way", async () => {
    const { exporter, spans } = memory();
    const { tracing } = tracingWith(exporter);
    const server = tracing.tracer.startSpan("server");
    contexts.run(new RequestContext(ROOT_CONTEXT, server, "r1"), () =>
      trace.getTracer("app").startActiveSpan("app", (app) => {
        expect(contexts.logChunk(writeJsonIds)).toContain(
          `"span_id":"${app.spanContext().spanId}","request_id":"r1"`,
        );
        app.end();
      }),
    );
    server.end();
    await tracing.close();
    expect(spans.map(({ name }) => name)).toEqual(["app", "server"]);
    expect(spans[0]?.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
    expect(tracing.stats()).toMatchObject({
      exported: 2,
      failed: 0,
      dropped: { circuit: 0, failed: 0, queue: 0 },
    });
  });

  it("releases every global on close", async () => {
    const { tracing } = tracingWith(memory().exporter);
    expect(Object.keys(apiGlobals()).sort()).toEqual(["context", "diag", "propagation", "trace", "version"]);
    await tracing.close();
    expect(Object.keys(apiGlobals())).toEqual(["version"]);
  });

  it("is an island: a second instance has its own way out, and takes the globals over", async () => {
    const [one, two] = [memory(), memory()];
    const [first, second] = [tracingWith(one.exporter).tracing, tracingWith(two.exporter).tracing];
    first.tracer.startSpan("first").end();
    second.tracer.startSpan("second").end();
    await first.close();
    trace.getTracer("app").startSpan("app").end();
    await second.close();
    expect([one.names, two.names]).toEqual([["first"], ["second", "app"]]);
    expect(Object.keys(apiGlobals())).toEqual(["version"]);
  });

  it("closes once: every call is the same, and no span throws afterwards", async () => {
    const { exporter, names } = memory();
    const { tracing } = tracingWith(exporter);
    tracing.tracer.startSpan("before").end();
    expect(tracing.close()).toBe(tracing.close());
    await tracing.close();
    tracing.tracer.startSpan("after").end();
    expect(names).toEqual(["before"]);
  });

  it("never rejects on close: what fails is noted", async () => {
    const failing: SpanProcessor = {
      onStart: () => undefined,
      onEnd: () => undefined,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.reject(new Error("will not stop")),
    };
    const { tracing, notes } = tracingWith(failing);
    await expect(tracing.close()).resolves.toBeUndefined();
    expect(notes).toEqual(["tracing: will not stop"]);
  });

  it("gives up on a processor that never stops, and says so", async () => {
    const stuck: SpanProcessor = {
      onStart: () => undefined,
      onEnd: () => undefined,
      forceFlush: () => Promise.resolve(),
      shutdown: () => new Promise(() => undefined),
    };
    const { tracing, notes } = tracingWith(stuck);
    await tracing.close();
    expect(notes).toEqual(["tracing: spans were still unsent 3000 ms after close()"]);
    expect(apiGlobals().trace).toBeUndefined();
  });

  it("reports OpenTelemetry's own complaints", async () => {
    const { tracing, notes } = tracingWith(memory().exporter);
    const span = tracing.tracer.startSpan("a");
    span.end();
    span.setAttribute("late", true);
    await tracing.close();
    expect(notes[0]).toMatch(/^tracing\.sdk: Cannot execute the operation on ended Span/);
  });

  it("writes to the console as a developer reads it", async () => {
    let text = "";
    const { tracing } = tracingWith("console", { out: { write: (chunk) => (text += chunk) } });
    const server = tracing.tracer.startSpan("GET /rooms/:id", { kind: 1 });
    tracing.tracer.startSpan("select", { kind: 2 }, trace.setSpan(ROOT_CONTEXT, server)).end();
    server.end();
    await tracing.close();
    expect(text).toMatch(
      /^trace [0-9a-f]{8}… {2}SERVER GET \/rooms\/:id {2}\d+\.\d ms {2}ok\ntrace [0-9a-f]{8}… {4}CLIENT select {2}\d+\.\d ms {2}ok\n$/,
    );
  });

  it("throws on a bad option, and leaves nothing registered", () => {
    expect(() => tracingWith("jaeger", { endpoint: "grpc://jaeger:14250" })).toThrow(ObservabilityError);
    expect(() => tracingWith("otlp", { endpoint: "nonsense" })).toThrow(/tracing\.endpoint is "nonsense"/);
    expect(Object.keys(apiGlobals()).filter((slot) => slot !== "version")).toEqual([]);
  });
});
