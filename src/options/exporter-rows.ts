import * as kind from "./kinds.js";
import { spanTargets } from "./span-targets.js";
import type { OptionRow } from "./table.js";

/** Each of OpenTelemetry's variables has a form for traces alone, which wins. */
const otlp = (name: string): string[] => [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`];

/** The options below `tracing` that say where spans go, and how. */
export const EXPORTER_ROWS: readonly OptionRow[] = [
  {
    path: "tracing.exporter",
    kind: spanTargets,
    env: ["TELLTALE_TRACING_EXPORTER", "OTEL_TRACES_EXPORTER"],
    doc: "Where spans go: a name, an object `{ type, endpoint, headers, protocol, compression, certificate, clientCertificate, clientKey, timeoutMs }`, a SpanExporter or SpanProcessor of your own, or an array of these. Default: `jaeger`, `otlp` or `zipkin` when the environment names its collector, `otlp` when `tracing.endpoint` is given, else `none` (ids in logs and headers, no SDK loaded).",
  },
  {
    path: "tracing.endpoint",
    kind: kind.text,
    env: ["TELLTALE_TRACING_ENDPOINT"],
    doc: "URL of the collector of the one exporter that names none itself: `http://host:4318` for otlp, `http://host:4317` over gRPC, `http://host:14268` or `udp://host:6832` for jaeger, `http://host:9411` for zipkin. Default: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT, JAEGER_ENDPOINT, OTEL_EXPORTER_JAEGER_ENDPOINT or OTEL_EXPORTER_ZIPKIN_ENDPOINT, then the exporter's own on localhost.",
  },
  {
    path: "tracing.headers",
    kind: kind.textMap,
    env: [],
    doc: "Headers of every export, e.g. an API key. OTEL_EXPORTER_OTLP_HEADERS and OTEL_EXPORTER_OTLP_TRACES_HEADERS add to them, for otlp alone.",
    fallback: {},
  },
  {
    path: "tracing.protocol",
    kind: kind.oneOf("http/protobuf", "http/json", "grpc"),
    env: otlp("PROTOCOL"),
    doc: "How OTLP travels.",
    fallback: "http/protobuf",
  },
  {
    path: "tracing.compression",
    kind: kind.oneOf("none", "gzip"),
    env: otlp("COMPRESSION"),
    doc: "Compression of OTLP.",
    fallback: "none",
  },
  {
    path: "tracing.certificate",
    kind: kind.text,
    env: otlp("CERTIFICATE"),
    doc: "File (PEM) of the authorities that an otlp collector's certificate may be from. Default: those of Node.",
  },
  {
    path: "tracing.clientCertificate",
    kind: kind.text,
    env: otlp("CLIENT_CERTIFICATE"),
    doc: "File (PEM) of the certificate that is shown to an otlp collector.",
  },
  {
    path: "tracing.clientKey",
    kind: kind.text,
    env: otlp("CLIENT_KEY"),
    doc: "File (PEM) of the private key of `tracing.clientCertificate`.",
  },
  {
    path: "tracing.exportTimeoutMs",
    kind: kind.integer(1),
    env: [...otlp("TIMEOUT"), "OTEL_BSP_EXPORT_TIMEOUT"],
    doc: "Longest wait for a collector, milliseconds.",
    fallback: 2000,
  },
  {
    path: "tracing.batchDelayMs",
    kind: kind.integer(1),
    env: ["OTEL_BSP_SCHEDULE_DELAY"],
    doc: "Time between two exports, milliseconds.",
    fallback: 1000,
  },
  {
    path: "tracing.maxBatchSize",
    kind: kind.integer(1),
    env: ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"],
    doc: "Most spans in one export.",
    fallback: 512,
  },
  {
    path: "tracing.maxQueueSize",
    kind: kind.integer(1),
    env: ["OTEL_BSP_MAX_QUEUE_SIZE"],
    doc: "Most ended spans that wait for one exporter; those beyond are dropped and counted.",
    fallback: 2048,
  },
];
