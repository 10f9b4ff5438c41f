import {
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Declare } from "./collector.js";
import type { Counter, Gauge, Histogram } from "./metrics/types.js";
import type { ExemplarOf, TraceExemplar } from "./tracing/exemplar.js";

/** One description of a kind of operation; metrics and span come from it. */
export interface OperationSpec {
  /** Counter of operations that ended, e.g. `http_client_requests_total`. */
  readonly total: { readonly name: string; readonly help: string };
  /** Histogram of their durations, seconds. */
  readonly duration: { readonly name: string; readonly help: string; readonly buckets: readonly number[] };
  /** Gauge of those running. */
  readonly inFlight?: { readonly name: string; readonly help: string };
  /** Counter of those that failed; adds the label `error` to the ones known at the start. */
  readonly errors?: { readonly name: string; readonly help: string };
  /** Labels known at the start, then those known at the end. */
  readonly startLabels: readonly string[];
  readonly endLabels: readonly string[];
  readonly spanKind: SpanKind;
}

/** What one operation begins with. */
export interface OperationStart {
  /** Values of `startLabels`, bounded by the caller. */
  readonly labels: readonly string[];
  readonly spanName: string;
  /** The context of the caller, captured when it called. */
  readonly parent: Context;
}

/** What one operation ends with. */
export interface OperationEnd {
  /** Values of `endLabels`, bounded by the caller. */
  readonly labels: readonly string[];
  /** Class of the failure, bounded by the caller; undefined for success. */
  readonly error?: string | undefined;
  /** What was thrown; goes on the span. */
  readonly cause?: unknown;
  readonly attributes?: () => Attributes;
}

/** One operation that runs. */
export interface RunningOperation {
  readonly span: Span;
  /** The context in which the operation's own work runs, and which is propagated. */
  readonly context: Context;
  /** Ends it and returns how long it took, seconds; further calls do nothing and return undefined. */
  end(end: OperationEnd): number | undefined;
  /** Gives it up without a count: nobody will hear how it ends. */
  drop(): void;
}

/** Starts operations of one kind. */
export interface Operation {
  start(start: OperationStart): RunningOperation;
}

interface Families {
  readonly total: Counter<string>;
  readonly duration: Histogram<string>;
  readonly inFlight: Gauge<string> | undefined;
  readonly errors: Counter<string> | undefined;
}

/** Where an operation's span comes from, and what its duration is given of it. */
export interface Traces {
  readonly tracer: Tracer;
  readonly exemplarOf: ExemplarOf;
}

/** Declares the families of one kind of operation and makes its starter. */
export function createOperation(spec: OperationSpec, declare: Declare, traces: Traces): Operation {
  const families = declareFamilies(spec, declare);
  const { tracer, exemplarOf } = traces;
  return {
    start({ labels, spanName, parent }) {
      const startedAt = performance.now();
      const span = tracer.startSpan(spanName, { kind: spec.spanKind }, parent);
      const inFlight = families.inFlight?.labels(...labels);
      inFlight?.inc();
      let running = true;
      const leave = (): boolean => {
        if (!running) return false;
        running = false;
        inFlight?.dec();
        return true;
      };
      return {
        span,
        context: trace.setSpan(parent, span),
        end(end) {
          if (!leave()) return undefined;
          const seconds = (performance.now() - startedAt) / 1000;
          // First: whether its trace is kept, and thus an exemplar, may be decided by its end.
          endSpan(span, end);
          record(families, { labels, end, seconds, exemplar: exemplarOf(span) });
          return seconds;
        },
        drop() {
          if (leave()) span.end();
        },
      };
    },
  };
}

function declareFamilies(spec: OperationSpec, declare: Declare): Families {
  const labelNames: readonly string[] = [...spec.startLabels, ...spec.endLabels];
  return {
    total: declare.counter({ ...spec.total, labelNames }),
    duration: declare.histogram({ ...spec.duration, labelNames, unit: "seconds" }),
    inFlight: spec.inFlight && declare.gauge({ ...spec.inFlight, labelNames: spec.startLabels }),
    errors:
      spec.errors &&
      declare.counter({ ...spec.errors, labelNames: [...spec.startLabels, "error"] as readonly string[] }),
  };
}

interface Ended {
  readonly labels: readonly string[];
  readonly end: OperationEnd;
  readonly seconds: number;
  readonly exemplar: TraceExemplar | undefined;
}

function record(families: Families, { labels: started, end, seconds, exemplar }: Ended): void {
  families.total.labels(...started, ...end.labels).inc();
  families.duration.labels(...started, ...end.labels).observe(seconds, exemplar);
  if (end.error !== undefined) families.errors?.labels(...started, end.error).inc();
}

function endSpan(span: Span, end: OperationEnd): void {
  if (span.isRecording()) {
    if (end.attributes !== undefined) span.setAttributes(end.attributes());
    if (end.error !== undefined) {
      span.setAttribute("error.type", end.error);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    if (end.cause instanceof Error) span.recordException(end.cause);
  }
  span.end();
}
