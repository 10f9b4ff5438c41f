import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Exporter, ExporterSetup } from "./exporter.js";

/** One readable line a span, children indented under the parent they arrive with; for a developer's terminal. */
export function createConsoleExporter({ out = process.stdout }: ExporterSetup): Exporter {
  return {
    export(spans, done) {
      out.write(formatSpans(spans));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
}

/** The lines of one batch: each trace's spans from the outside in, in the order they started. */
export function formatSpans(spans: readonly ReadableSpan[]): string {
  const present = new Set(spans.map((span) => span.spanContext().spanId));
  const roots: ReadableSpan[] = [];
  const children = new Map<string, ReadableSpan[]>();
  for (const span of [...spans].sort(byStart)) {
    const parent = span.parentSpanContext?.spanId;
    if (parent === undefined || !present.has(parent)) roots.push(span);
    else children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines = (span: ReadableSpan, depth: number): string =>
    formatSpan(span, depth) +
    (children.get(span.spanContext().spanId) ?? []).map((child) => lines(child, depth + 1)).join("");
  return roots.map((span) => lines(span, 0)).join("");
}

function formatSpan(span: ReadableSpan, depth: number): string {
  const trace = span.spanContext().traceId.slice(0, 8);
  const [seconds, nanoseconds] = span.duration;
  const ms = (seconds * 1000 + nanoseconds / 1e6).toFixed(1);
  return `trace ${trace}…  ${"  ".repeat(depth)}${SpanKind[span.kind]} ${printable(span.name)}  ${ms} ms  ${outcome(span)}\n`;
}

function outcome({ status }: ReadableSpan): string {
  if (status.code !== SpanStatusCode.ERROR) return "ok";
  return status.message ? `error: ${printable(status.message)}` : "error";
}

// A name may come from a request: it must not forge a line nor steer the terminal.
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");
}

function byStart(a: ReadableSpan, b: ReadableSpan): number {
  return a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1];
}
