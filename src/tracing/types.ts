import type { Span, Tracer } from "@opentelemetry/api";
import type { SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { SamplingSettings } from "./sampling/types.js";

/** Reports a fault of `part`: counted always, logged seldom; never throws. */
export type Note = (part: string, error: unknown) => void;

/** What the tracing floor needs to know. */
export interface TracingSettings {
  /** `service.name` of every span. */
  readonly service: string;
  /** `service.version`. Default: none. */
  readonly version?: string | undefined;
  /** `deployment.environment.name`. Default: none. */
  readonly environment?: string | undefined;
  /** Further resource attributes; they win over the three above. */
  readonly resource: Readonly<Record<string, string>>;
  /** Where spans go: a name, or an exporter or span processor of the OpenTelemetry SDK. `none` still gives logs and outgoing requests their ids. */
  readonly exporter: "none" | "otlp" | "jaeger" | "console" | SpanExporter | SpanProcessor;
  /** URL of the collector; for `jaeger` also `udp://host:port`. Default: what the exporter's `OTEL_EXPORTER_*` variables or its own default say. */
  readonly endpoint?: string | undefined;
  /** HTTP headers of each export, such as `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of new traces that are recorded, 0 to 1; a caller's decision is kept. */
  readonly sampleRatio: number;
  /** Which traces are kept, beyond that share. Default: none further. */
  readonly sampling?: SamplingSettings | undefined;
  /** What the environment asks for and is not followed, one line each; noted at the start. */
  readonly complaints?: readonly string[] | undefined;
  /** Longest that one export may take, in milliseconds. Default: 2000. */
  readonly exportTimeoutMs?: number | undefined;
  /** Longest that an ended span waits for its batch, in milliseconds. Default: 1000. */
  readonly batchDelayMs?: number | undefined;
  /** OpenTelemetry instrumentations; they are registered through `@opentelemetry/sdk-node`. Default: none. */
  readonly instrumentations?: readonly unknown[] | undefined;
  /** Where the `console` exporter writes. Default: standard output. */
  readonly out?: { write(text: string): unknown } | undefined;
}

/** Counts of spans since the start. */
export interface SpanCounts {
  /** Handed over with success. */
  exported: number;
  /** Lost because their export failed; the same number as `dropped.failed`. */
  readonly failed: number;
  /** Lost, by reason: the collector was given a rest, the export failed, the queue or the memory of the tail sampler was full. */
  readonly dropped: { circuit: number; failed: number; queue: number; tail: number };
}

/** The traces of one service. */
export interface Tracing {
  /** Starts spans. */
  readonly tracer: Tracer;
  /** True when spans leave the process. */
  readonly exporting: boolean;
  /** True where the sampler looks at the attributes that a span begins with. */
  readonly samplesByAttributes: boolean;
  /** True when the trace of a span leaves the process, as far as that is decided. */
  isKept(span: Span): boolean;
  /** Counts of spans since the start. */
  stats(): SpanCounts;
  /** One line on why the service's own use of @opentelemetry/api sees no tracer of ours; `undefined` when it does. */
  probe(): string | undefined;
  /** Sends what waits and releases everything within 3 seconds; never rejects; idempotent. */
  close(): Promise<void>;
}
