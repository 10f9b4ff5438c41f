import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `tracing`. */
export const TRACING_ROWS: readonly OptionRow[] = [
  {
    path: "tracing.exporter",
    kind: kind.oneOfOr(["export", "onEnd"], "otlp", "jaeger", "console", "none"),
    env: ["TELLTALE_TRACING_EXPORTER", "OTEL_TRACES_EXPORTER"],
    doc: "Where spans go; or a SpanExporter or SpanProcessor of your own. Default: `jaeger` when JAEGER_ENDPOINT is set, `otlp` when another endpoint is, else `none` (ids in logs and headers, no SDK loaded).",
  },
  {
    path: "tracing.endpoint",
    kind: kind.text,
    env: ["TELLTALE_TRACING_ENDPOINT"],
    doc: "URL of the collector: `http://host:4318` for otlp, `http://host:14268` or `udp://host:6832` for jaeger. Default: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT, JAEGER_ENDPOINT or OTEL_EXPORTER_JAEGER_ENDPOINT, then the exporter's own on localhost.",
  },
  {
    path: "tracing.headers",
    kind: kind.textMap,
    env: ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"],
    doc: "Headers for the otlp exporter, e.g. an API key.",
    fallback: {},
  },
  {
    path: "tracing.sampleRatio",
    kind: kind.ratio,
    env: ["TELLTALE_TRACING_SAMPLE_RATIO"],
    doc: "Share of traces begun here that are kept; a caller's decision is followed. Default: what OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say, else 1.",
  },
  {
    path: "tracing.exportTimeoutMs",
    kind: kind.integer(1),
    env: ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
    doc: "Longest wait for the collector, milliseconds.",
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
    path: "tracing.instrumentations",
    kind: kind.array,
    env: [],
    doc: "OpenTelemetry instrumentations to run beside; this loads @opentelemetry/sdk-node.",
    fallback: [],
  },
];
