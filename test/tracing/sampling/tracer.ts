import { type Context, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { createTracing, type Tracing, type TracingSettings } from "../../../src/tracing/index.js";
import { noteBook } from "../spans.js";

/** A tracing with the given sampling, and the spans that it exports. */
export function sampledTracing(sampling: TracingSettings["sampling"], sampleRatio = 1) {
  const spans: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const { note, notes } = noteBook();
  const settings = { service: "chat", resource: {}, headers: {}, sampleRatio, sampling, exporter };
  const tracing: Tracing = createTracing(settings, note);
  return { tracing, tracer: tracing.tracer, spans, notes };
}

/** The context of a remote caller. */
export function remote(traceFlags: number, traceId = "4bf92f3577b34da6a3ce929d0e0e4736"): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: "00f067aa0ba902b7",
    traceFlags,
    isRemote: true,
  });
}

/** How a tracer treats one span: `keep`, `record` or `drop`. */
export function fate(
  tracer: Tracer,
  name = "a",
  { path, parent = ROOT_CONTEXT }: { path?: string; parent?: Context } = {},
): string {
  const span = tracer.startSpan(name, path === undefined ? {} : { attributes: { "url.path": path } }, parent);
  if ((span.spanContext().traceFlags & 1) === 1) return "keep";
  return span.isRecording() ? "record" : "drop";
}
