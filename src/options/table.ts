import * as kind from "./kinds.js";

/** One option: everything that validation, the environment and the docs page need. */
export interface OptionRow {
  /** Dotted path in the options object. */
  readonly path: string;
  readonly kind: kind.Kind;
  /** Environment variables that set it, the first that is present wins. Empty: code only. */
  readonly env: readonly string[];
  /** Default; undefined for none. */
  readonly fallback?: unknown;
  /** One sentence for the docs page. */
  readonly doc: string;
}

// prom-client's and the OpenTelemetry conventions' bounds are made for seconds too; these add the sub-5 ms range of a Node service.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10];
const BYTES = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/** Every option, in the order of the docs page. */
export const OPTION_ROWS: readonly OptionRow[] = [
  {
    path: "service",
    kind: kind.text,
    env: ["TELLTALE_SERVICE", "OTEL_SERVICE_NAME"],
    doc: "Name of the service: a label on every metric, a field of every log line, `service.name` of every span. Required.",
  },
  {
    path: "version",
    kind: kind.text,
    env: ["TELLTALE_VERSION"],
    doc: "Version of the service: a log field and `service.version`.",
  },
  {
    path: "environment",
    kind: kind.text,
    env: ["TELLTALE_ENVIRONMENT"],
    doc: "Where it runs, e.g. `production`: a log field and `deployment.environment.name`.",
  },
  {
    path: "prefix",
    kind: kind.anyText,
    env: ["TELLTALE_PREFIX"],
    doc: "Put before every metric name, e.g. `chat_`; it replaces the `service` label.",
    fallback: "",
  },
  {
    path: "labels",
    kind: kind.textMap,
    env: ["TELLTALE_LABELS"],
    doc: "Labels on every metric series.",
    fallback: {},
  },
  {
    path: "metrics.maxSeriesPerFamily",
    kind: kind.integer(1),
    env: ["TELLTALE_METRICS_MAX_SERIES"],
    doc: "Most label sets of one metric family; further ones fold into `__overflow__`.",
    fallback: 2000,
  },
  {
    path: "logging.level",
    kind: kind.oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    env: ["TELLTALE_LOG_LEVEL", "LOG_LEVEL"],
    doc: "Lowest level that is written.",
    fallback: "info",
  },
  {
    path: "logging.format",
    kind: kind.oneOf("json", "pretty"),
    env: ["TELLTALE_LOG_FORMAT", "LOG_FORMAT"],
    doc: "`json`, one object a line, or `pretty` for people. Default: `pretty` where stdout is a terminal, else `json`.",
  },
  {
    path: "logging.destination",
    kind: kind.destination,
    env: ["TELLTALE_LOG_DESTINATION"],
    doc: "A file path or a stream with `write(line)`. Default: stdout.",
  },
  {
    path: "logging.redact",
    kind: kind.texts,
    env: ["TELLTALE_LOG_REDACT"],
    doc: "Key names whose values are replaced, besides the built-in list.",
    fallback: [],
  },
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
  {
    path: "health.basePath",
    kind: kind.anyText,
    env: ["TELLTALE_HEALTH_BASE_PATH"],
    doc: "Put before `/health`, `/ready`, `/live` and `/startup`.",
    fallback: "",
  },
  {
    path: "health.timeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_TIMEOUT_MS"],
    doc: "Longest wait for one check, milliseconds.",
    fallback: 2000,
  },
  {
    path: "health.startup",
    kind: kind.oneOf("auto", "manual"),
    env: ["TELLTALE_HEALTH_STARTUP"],
    doc: "`auto`: `/ready` and `/startup` answer 200 from the start; `manual`: once `obs.health.markStarted()` was called.",
    fallback: "auto",
  },
  {
    path: "http.exclude",
    kind: kind.requestRules,
    env: ["TELLTALE_HTTP_EXCLUDE"],
    doc: "Requests that leave no trace in metrics, log or spans: paths, `/prefix*`, RegExps, predicates. The health and metrics endpoints are excluded by themselves.",
    fallback: [],
  },
  {
    path: "http.labels",
    kind: kind.functionMap,
    env: [],
    doc: "Custom labels on the request families: functions `(req, res) => value`, called when the response has closed.",
    fallback: {},
  },
  {
    path: "http.maxLabelValues",
    kind: kind.integer(1),
    env: ["TELLTALE_HTTP_MAX_LABEL_VALUES"],
    doc: "Most distinct values of one custom label; further ones become `__overflow__`.",
    fallback: 100,
  },
  {
    path: "http.statusClass",
    kind: kind.flag,
    env: ["TELLTALE_HTTP_STATUS_CLASS"],
    doc: "`2xx` in place of `200` in the `status` label.",
    fallback: false,
  },
  {
    path: "http.methods",
    kind: kind.texts,
    env: ["TELLTALE_HTTP_METHODS"],
    doc: "Methods besides the standard ones that keep their name in the `method` label; the rest is `_OTHER`.",
    fallback: [],
  },
  {
    path: "http.buckets",
    kind: kind.bounds,
    env: ["TELLTALE_HTTP_BUCKETS"],
    doc: "Bounds of the duration histograms, seconds.",
    fallback: SECONDS,
  },
  {
    path: "http.sizeBuckets",
    kind: kind.bounds,
    env: ["TELLTALE_HTTP_SIZE_BUCKETS"],
    doc: "Bounds of the size histograms, bytes.",
    fallback: BYTES,
  },
  {
    path: "http.requestIdHeader",
    kind: kind.headerName,
    env: ["TELLTALE_HTTP_REQUEST_ID_HEADER"],
    doc: "Header that carries the request id in and out; empty for none.",
    fallback: "x-request-id",
  },
  {
    path: "http.streamAfterMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HTTP_STREAM_AFTER_MS"],
    doc: "A body without a length that is still open this long after its headers is a stream, not a latency sample, milliseconds.",
    fallback: 10_000,
  },
  {
    path: "http.accessLog",
    kind: kind.flag,
    env: ["TELLTALE_HTTP_ACCESS_LOG"],
    doc: "One log line for each request.",
    fallback: true,
  },
  {
    path: "http.outgoing.enabled",
    kind: kind.flag,
    env: ["TELLTALE_HTTP_OUTGOING"],
    doc: "Observe fetch, undici and node:http clients.",
    fallback: true,
  },
  {
    path: "http.outgoing.hosts",
    kind: kind.texts,
    env: ["TELLTALE_HTTP_OUTGOING_HOSTS"],
    doc: "Hosts that keep their name in the `host` label, the rest is `__other__`. Default: the first `maxHosts` seen.",
    fallback: [],
  },
  {
    path: "http.outgoing.maxHosts",
    kind: kind.integer(1),
    env: ["TELLTALE_HTTP_OUTGOING_MAX_HOSTS"],
    doc: "Most distinct hosts in the `host` label; further ones become `__overflow__`.",
    fallback: 100,
  },
  {
    path: "http.outgoing.propagateTo",
    kind: kind.texts,
    env: ["TELLTALE_HTTP_PROPAGATE_TO"],
    doc: "Hosts that are sent `traceparent`. Default: all.",
    fallback: [],
  },
];
