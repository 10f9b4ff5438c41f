import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { contexts, RequestContext } from "./context.js";
import { follow } from "./follow.js";
import type { Note } from "./types.js";

/** How a span begins. */
export interface SpanSettings extends Omit<SpanOptions, "kind"> {
  /** Part that the service plays. Default: `internal`. */
  readonly kind?: "internal" | "server" | "client" | "producer" | "consumer" | SpanKind | undefined;
  /** The context that it continues, such as what `extract()` answers. Default: the active one. */
  readonly parent?: Context | undefined;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Starts and follows spans; a fault of the tracer is noted and costs the span alone. */
export interface Spans {
  start(name: string, settings?: SpanSettings): Span;
  follow<R>(name: string, work: (span: Span) => R, settings?: SpanSettings): R;
}

/** Makes them. */
export function createSpans(tracer: Tracer, note: Note): Spans {
  const guard = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      note("tracing.span", error);
    }
  };

  function start(name: string, { kind, parent, ...options }: SpanSettings = {}): Span {
    let span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    guard(() => {
      const spanKind = typeof kind === "string" ? KINDS[kind] : kind;
      span = tracer.startSpan(
        name,
        { ...options, ...(spanKind !== undefined && { kind: spanKind }) },
        parent ?? contexts.active(),
      );
    });
    return span;
  }

  return {
    start,
    follow(name, work, settings) {
      const span = start(name, settings);
      const ctx = contextOf(settings?.parent ?? contexts.active(), span);
      return follow(() => work(span), {
        run: (part) => contexts.run(ctx, part),
        ended: () => guard(() => end(span)),
        failed(error) {
          guard(() => fail(span, error));
          guard(() => end(span));
        },
      });
    },
  };
}

// One that keeps its part of a log line, where the parent is not of that kind.
function contextOf(parent: Context, span: Span): Context {
  return parent instanceof RequestContext
    ? trace.setSpan(parent, span)
    : new RequestContext(parent, span, "");
}

// The code may have ended it itself, and the SDK complains of a second end.
function end(span: Span): void {
  if (span.isRecording()) span.end();
}

function fail(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute("error.type", error instanceof Error ? error.name : typeof error);
  span.recordException(error instanceof Error ? error : textOf(error));
}

// An object without a prototype cannot be made a text.
function textOf(thrown: unknown): string {
  return typeof thrown === "object" ? Object.prototype.toString.call(thrown) : String(thrown);
}
