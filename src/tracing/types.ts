import type { Span, Tracer } from "@opentelemetry/api";
import type { SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Propagation } from "./propagation/index.js";
import type { SamplingSettings } from "./sampling/types.js";

/** Reports a fault of `part`: counted always, logged seldom; never throws. */
export type Note = (part: string, error: unknown) => void;

/** What the tracing floor needs to know. */
export interface TracingSettings extends ExporterSettings, ResourceSettings {
  /** Share of new traces that are recorded, 0 to 1; a caller's decision is kept. */
  readonly sampleRatio: number;
  /** Which traces are kept, beyond that share. Default: none further. */
  readonly sampling?: SamplingSettings | undefined;
  /** How the context travels, by name, the weightiest first. Default: `tracecontext` and `baggage`. */
  readonly propagators?: readonly string[] | undefined;
  /** What the environment asks for and is not followed, one line each; noted at the start. */
  readonly complaints?: readonly string[] | undefined;
  /** OpenTelemetry instrumentations; they are registered through `@opentelemetry/sdk-node`. Default: none. */
  readonly instrumentations?: readonly unknown[] | undefined;
  /** How much one span may hold. */
  readonly limits?: SpanLimits | undefined;
}

/** Who the spans are from. */
export interface ResourceSettings {
  /** `service.name` of every span. */
  readonly service: string;
  /** `service.version`. Default: none. */
  readonly version?: string | undefined;
  /** `deployment.environment.name`. Default: none. */
  readonly environment?: string | undefined;
  /** Further resource attributes; they win over the three above and over what is detected. */
  readonly resource: Readonly<Record<string, string>>;
  /** What is found out about the surroundings; the command line is never taken. Default: nothing. */
  readonly resourceDetectors?: readonly ResourceDetectorName[] | undefined;
}

/** A part of the surroundings that can be found out. */
export type ResourceDetectorName = "container" | "env" | "host" | "os" | "process" | "serviceinstance";

/** Where spans go, and how. */
export interface ExporterSettings extends Transport {
  /** Where spans go, one or several; each has its own queue and its own luck. `none` still gives logs and outgoing requests their ids. */
  readonly exporter: "none" | SpanTarget | readonly SpanTarget[];
  /** URL of the collector of the one exporter that names none itself; for `jaeger` also `udp://host:port`. Default: {@link endpoints}, then the exporter's own on localhost. */
  readonly endpoint?: string | undefined;
  /** What the environment says, by exporter. Default: nothing. */
  readonly endpoints?: EnvironmentEndpoints | undefined;
  /** HTTP headers (metadata in gRPC) of each export, such as `Authorization`, for the exporters that name none themselves. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest that one export may take, in milliseconds. Default: 2000. */
  readonly exportTimeoutMs?: number | undefined;
  /** Longest that an ended span waits for its batch, in milliseconds. Default: 1000. */
  readonly batchDelayMs?: number | undefined;
  /** Most ended spans that wait for one exporter; those beyond are dropped and counted. Default: 2048. */
  readonly maxQueueSize?: number | undefined;
  /** Most spans in one export. Default: 512. */
  readonly maxBatchSize?: number | undefined;
  /** Where the `console` exporter writes. Default: standard output. */
  readonly out?: { write(text: string): unknown } | undefined;
}

/** The exporters that have a name. */
export type ExporterName = "console" | "jaeger" | "otlp" | "zipkin";

/** An exporter by its name, with an address of its own, or an exporter or span processor of the OpenTelemetry SDK. */
export type SpanTarget = ExporterName | ExporterOptions | SpanExporter | SpanProcessor;

/** How OTLP travels. */
export type OtlpProtocol = "grpc" | "http/json" | "http/protobuf";

/** How an exporter speaks to its collector. */
export interface Transport {
  /** For `otlp`. Default: `http/protobuf`. */
  readonly protocol?: OtlpProtocol | undefined;
  /** For `otlp`. Default: `none`. */
  readonly compression?: "gzip" | "none" | undefined;
  /** For `otlp`: file (PEM) of the authorities that the collector's certificate may be from. Default: those of Node. */
  readonly certificate?: string | undefined;
  /** For `otlp`: file (PEM) of the certificate to show the collector. Default: none. */
  readonly clientCertificate?: string | undefined;
  /** For `otlp`: file (PEM) of that certificate's private key. Default: none. */
  readonly clientKey?: string | undefined;
}

/** One exporter among several, or one with an address of its own; what is left out is as for the exporter's name alone. */
export interface ExporterOptions extends Transport {
  readonly type: ExporterName;
  /** URL of its collector; for `jaeger` also `udp://host:port`. */
  readonly endpoint?: string | undefined;
  /** Headers of each of its exports. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest that one of its exports may take, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Collectors that the environment names, as `OTEL_EXPORTER_*` and JAEGER_ENDPOINT do. */
export interface EnvironmentEndpoints {
  readonly jaeger?: string | undefined;
  readonly zipkin?: string | undefined;
  /** For OTLP over HTTP: the very URL to post to. */
  readonly otlp?: string | undefined;
  /** For OTLP over gRPC. */
  readonly grpc?: string | undefined;
}

/** How much one span may hold; what is beyond is dropped, and the span says how much. */
export interface SpanLimits {
  /** Attributes of a span. Default: 128. */
  readonly attributes?: number | undefined;
  /** Characters of an attribute's value. Default: 8192. */
  readonly valueLength?: number | undefined;
  /** Events of a span. Default: 128. */
  readonly events?: number | undefined;
  /** Links of a span. Default: 128. */
  readonly links?: number | undefined;
  /** Attributes of an event. Default: 128. */
  readonly eventAttributes?: number | undefined;
  /** Attributes of a link. Default: 128. */
  readonly linkAttributes?: number | undefined;
}

/** Counts of spans since the start. */
export interface SpanCounts {
  /** Handed over with success. */
  exported: number;
  /** Lost because their export failed; the same number as `dropped.failed`. */
  readonly failed: number;
  /** Lost, by reason: the collector was given a rest, the export failed, the queue or the memory of the tail sampler was full. */
  readonly dropped: { circuit: number; failed: number; queue: number; tail: number };
  /** Ended, and waiting for their export now. */
  queued: number;
}

/** The counts of all exporters together, and of each by its name. */
export interface TracingStats extends SpanCounts {
  readonly exporters: ReadonlyMap<string, SpanCounts>;
}

/** The traces of one service. */
export interface Tracing {
  /** Starts spans. */
  readonly tracer: Tracer;
  /** How a context leaves and enters the process. */
  readonly propagation: Propagation;
  /** True when spans leave the process. */
  readonly exporting: boolean;
  /** True where the sampler looks at the attributes that a span begins with. */
  readonly samplesByAttributes: boolean;
  /** True when the trace of a span leaves the process, as far as that is decided. */
  isKept(span: Span): boolean;
  /** Counts of spans since the start. */
  stats(): TracingStats;
  /** One line on why the service's own use of @opentelemetry/api sees no tracer of ours; `undefined` when it does. */
  probe(): string | undefined;
  /** Sends what waits and releases everything within 3 seconds; never rejects; idempotent. */
  close(): Promise<void>;
}
