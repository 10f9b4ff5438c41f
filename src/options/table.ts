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

const row = (path: string, of: kind.Kind, env: readonly string[], doc: string, fallback?: unknown): OptionRow => ({
  path,
  kind: of,
  env,
  doc,
  fallback,
});

/** Every option, in the order of the docs page. */
export const OPTION_ROWS: readonly OptionRow[] = [
  row("service", kind.text, ["TELLTALE_SERVICE", "OTEL_SERVICE_NAME"], "Name of the service: a label on every metric, a field of every log line, `service.name` of every span. Required."),
  row("version", kind.text, ["TELLTALE_VERSION"], "Version of the service: a log field and `service.version`."),
  row("environment", kind.text, ["TELLTALE_ENVIRONMENT"], "Where it runs, e.g. `production`: a log field and `deployment.environment.name`."),
  row("prefix", kind.anyText, ["TELLTALE_PREFIX"], "Put before every metric name, e.g. `chat_`; it replaces the `service` label.", ""),
  row("labels", kind.textMap, ["TELLTALE_LABELS"], "Labels on every metric series.", {}),
  row("metrics.maxSeriesPerFamily", kind.integer(1), ["TELLTALE_METRICS_MAX_SERIES"], "Most label sets of one metric family; further ones fold into `__overflow__`.", 2000),
  row("logging.level", kind.oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"), ["TELLTALE_LOG_LEVEL", "LOG_LEVEL"], "Lowest level that is written.", "info"),
  row("logging.format", kind.oneOf("json", "pretty"), ["TELLTALE_LOG_FORMAT", "LOG_FORMAT"], "`json`, one object a line, or `pretty` for people. Default: `pretty` where stdout is a terminal, else `json`."),
  row("logging.destination", kind.destination, ["TELLTALE_LOG_DESTINATION"], "A file path or a stream with `write(line)`. Default: stdout."),
  row("logging.redact", kind.texts, ["TELLTALE_LOG_REDACT"], "Key names whose values are replaced, besides the built-in list.", []),
  row("tracing.exporter", kind.oneOfOr(["export", "onEnd"], "otlp", "jaeger", "console", "none"), ["TELLTALE_TRACING_EXPORTER", "OTEL_TRACES_EXPORTER"], "Where spans go; or a SpanExporter or SpanProcessor of your own. Default: `jaeger` when JAEGER_ENDPOINT is set, `otlp` when another endpoint is, else `none` (ids in logs and headers, no SDK loaded)."),
  row("tracing.endpoint", kind.text, ["TELLTALE_TRACING_ENDPOINT"], "URL of the collector: `http://host:4318` for otlp, `http://host:14268` or `udp://host:6832` for jaeger. Default: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT, JAEGER_ENDPOINT or OTEL_EXPORTER_JAEGER_ENDPOINT, then the exporter's own on localhost."),
  row("tracing.headers", kind.textMap, ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"], "Headers for the otlp exporter, e.g. an API key.", {}),
  row("tracing.sampleRatio", kind.ratio, ["TELLTALE_TRACING_SAMPLE_RATIO"], "Share of traces begun here that are kept; a caller's decision is followed. Default: what OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say, else 1."),
  row("tracing.exportTimeoutMs", kind.integer(1), ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"], "Longest wait for the collector, milliseconds.", 2000),
  row("tracing.batchDelayMs", kind.integer(1), ["OTEL_BSP_SCHEDULE_DELAY"], "Time between two exports, milliseconds.", 1000),
  row("tracing.instrumentations", kind.array, [], "OpenTelemetry instrumentations to run beside; this loads @opentelemetry/sdk-node.", []),
  row("health.basePath", kind.anyText, ["TELLTALE_HEALTH_BASE_PATH"], "Put before `/health`, `/ready`, `/live` and `/startup`.", ""),
  row("health.timeoutMs", kind.integer(1), ["TELLTALE_HEALTH_TIMEOUT_MS"], "Longest wait for one check, milliseconds.", 2000),
  row("health.startup", kind.oneOf("auto", "manual"), ["TELLTALE_HEALTH_STARTUP"], "`auto`: `/ready` and `/startup` answer 200 from the start; `manual`: once `obs.health.markStarted()` was called.", "auto"),
  row("http.exclude", kind.requestRules, ["TELLTALE_HTTP_EXCLUDE"], "Requests that leave no trace in metrics, log or spans: paths, `/prefix*`, RegExps, predicates. The health and metrics endpoints are excluded by themselves.", []),
  row("http.labels", kind.functionMap, [], "Custom labels on the request families: functions `(req, res) => value`, called when the response has closed.", {}),
  row("http.maxLabelValues", kind.integer(1), ["TELLTALE_HTTP_MAX_LABEL_VALUES"], "Most distinct values of one custom label; further ones become `__overflow__`.", 100),
  row("http.statusClass", kind.flag, ["TELLTALE_HTTP_STATUS_CLASS"], "`2xx` in place of `200` in the `status` label.", false),
  row("http.methods", kind.texts, ["TELLTALE_HTTP_METHODS"], "Methods besides the standard ones that keep their name in the `method` label; the rest is `_OTHER`.", []),
  row("http.buckets", kind.bounds, ["TELLTALE_HTTP_BUCKETS"], "Bounds of the duration histograms, seconds.", SECONDS),
  row("http.sizeBuckets", kind.bounds, ["TELLTALE_HTTP_SIZE_BUCKETS"], "Bounds of the size histograms, bytes.", BYTES),
  row("http.requestIdHeader", kind.headerName, ["TELLTALE_HTTP_REQUEST_ID_HEADER"], "Header that carries the request id in and out; empty for none.", "x-request-id"),
  row("http.streamAfterMs", kind.integer(1), ["TELLTALE_HTTP_STREAM_AFTER_MS"], "A body without a length that is still open this long after its headers is a stream, not a latency sample, milliseconds.", 10_000),
  row("http.accessLog", kind.flag, ["TELLTALE_HTTP_ACCESS_LOG"], "One log line for each request.", true),
  row("http.outgoing.enabled", kind.flag, ["TELLTALE_HTTP_OUTGOING"], "Observe fetch, undici and node:http clients.", true),
  row("http.outgoing.hosts", kind.texts, ["TELLTALE_HTTP_OUTGOING_HOSTS"], "Hosts that keep their name in the `host` label, the rest is `__other__`. Default: the first `maxHosts` seen.", []),
  row("http.outgoing.maxHosts", kind.integer(1), ["TELLTALE_HTTP_OUTGOING_MAX_HOSTS"], "Most distinct hosts in the `host` label; further ones become `__overflow__`.", 100),
  row("http.outgoing.propagateTo", kind.texts, ["TELLTALE_HTTP_PROPAGATE_TO"], "Hosts that are sent `traceparent`. Default: all.", []),
];
