import { HTTP_ROWS } from "./http-rows.js";
import * as kind from "./kinds.js";
import { PUSH_ROWS } from "./push-rows.js";

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
  ...PUSH_ROWS,
  {
    path: "metrics.client",
    kind: kind.clientModule,
    env: [],
    doc: 'The prom-client that the service uses (`import * as client from "prom-client"`), so that `obs.metrics.registry instanceof client.Registry`; @platformatic/prom-client and @prometheus-io/client are taken as well. Default: the one installed with telltale.',
  },
  {
    path: "metrics.maxValuesPerLabel",
    kind: kind.integer(1),
    env: ["TELLTALE_METRICS_MAX_VALUES"],
    doc: "Most distinct values of one label of one family; further ones become `__overflow__` in that label alone.",
    fallback: 1000,
  },
  {
    path: "metrics.ttlMs",
    kind: kind.integer(0),
    env: ["TELLTALE_METRICS_TTL_MS"],
    doc: "Time without a record after which a series of a counter, histogram or summary is forgotten, milliseconds; 0 for never. Gauges only expire by the `ttlMs` of their family.",
    fallback: 0,
  },
  {
    path: "metrics.nativeHistograms",
    kind: kind.flag,
    env: ["TELLTALE_METRICS_NATIVE_HISTOGRAMS"],
    doc: "Exponential buckets for every histogram, besides the classic ones: [native histograms](guides/prometheus.md#native-histograms).",
    fallback: false,
  },
  {
    path: "metrics.exemplars",
    kind: kind.flag,
    env: ["TELLTALE_METRICS_EXEMPLARS"],
    doc: "Buckets of the duration histograms keep the trace of their last sampled request; OpenMetrics and protobuf show it.",
    fallback: true,
  },
  {
    path: "metrics.naming",
    kind: kind.oneOf(
      "prometheus",
      "otel",
      "express-prom-bundle",
      "fastify-metrics",
      "promster",
      "swagger-stats",
    ),
    env: ["TELLTALE_METRICS_NAMING"],
    doc: "Vocabulary of the metric names, labels and bounds: our own, or what another library exports. [Names](guides/naming.md).",
    fallback: "prometheus",
  },
  {
    path: "metrics.rename",
    kind: kind.renames,
    env: [],
    doc: "Exported names by declared metric, over those of `metrics.naming`: `{ name, labels: { from: to }, scale, unit }`; `false` drops a label.",
    fallback: {},
  },
  {
    path: "metrics.process",
    kind: kind.flag,
    env: ["TELLTALE_METRICS_PROCESS"],
    doc: "Whether the process and its runtime are observed: CPU, memory, file descriptors, heap, event loop, garbage collections.",
    fallback: true,
  },
  {
    path: "metrics.group",
    kind: kind.nameOrFalse,
    env: ["TELLTALE_METRICS_GROUP"],
    doc: "Joins the processes of this service that are given the same name, e.g. a parent and the children that it forks: whichever is scraped answers for all. false: each answers for itself alone. Default: workers of node:cluster and of PM2's cluster mode are found by themselves.",
  },
  {
    path: "metrics.groupTimeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_METRICS_GROUP_TIMEOUT_MS"],
    doc: "Longest wait of a scrape for the other processes, milliseconds; of a silent one the last known values are shown.",
    fallback: 1000,
  },
  {
    path: "metrics.threads",
    kind: kind.flag,
    env: ["TELLTALE_METRICS_THREADS"],
    doc: "Shows the instances of the same service in worker threads together with the main thread's.",
    fallback: true,
  },
  {
    path: "metrics.collectTimeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_METRICS_COLLECT_TIMEOUT_MS"],
    doc: "Longest wait for what is read at a scrape, a collect callback or a metric of a third party, milliseconds; the rest is served.",
    fallback: 1000,
  },
  {
    path: "metrics.maxScrapes",
    kind: kind.integer(1),
    env: ["TELLTALE_METRICS_MAX_SCRAPES"],
    doc: "Most scrapes that are answered at once; further ones get 503.",
    fallback: 8,
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
  ...HTTP_ROWS,
];
