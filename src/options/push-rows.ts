import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `metrics.push`. None has a default here: they come into play once `metrics.push.to` is set. */
export const PUSH_ROWS: readonly OptionRow[] = [
  {
    path: "metrics.push.to",
    kind: kind.oneOf("pushgateway", "remote-write", "otlp"),
    env: ["TELLTALE_PUSH_TO"],
    doc: "Pushes the metrics, besides what `obs.metrics.push()` is asked for. Default: no push.",
  },
  {
    path: "metrics.push.url",
    kind: kind.text,
    env: ["TELLTALE_PUSH_URL"],
    doc: "Where to: a Pushgateway's root, else the receiver's whole URL. Default: for `otlp` the standard OTEL_EXPORTER_OTLP_ variables (endpoint, headers, timeout and compression), then `http://localhost:4318/v1/metrics`.",
  },
  {
    path: "metrics.push.job",
    kind: kind.text,
    env: ["TELLTALE_PUSH_JOB"],
    doc: "Label `job`, or `service.name`. Default: `service`.",
  },
  {
    path: "metrics.push.instance",
    kind: kind.textOrFalse,
    env: ["TELLTALE_PUSH_INSTANCE"],
    doc: "Label `instance`, or `service.instance.id`; `false` for none. Default: host, process id and a random number.",
  },
  {
    path: "metrics.push.grouping",
    kind: kind.textMap,
    env: ["TELLTALE_PUSH_GROUPING"],
    doc: "Further labels of a Pushgateway's group.",
  },
  {
    path: "metrics.push.method",
    kind: kind.oneOf("PUT", "POST"),
    env: [],
    doc: "`PUT` replaces a Pushgateway's group, `POST` only metrics of the same names. Default: `PUT`.",
  },
  {
    path: "metrics.push.resource",
    kind: kind.textMap,
    env: [],
    doc: "Attributes of the OTLP resource, besides the service's own and those of OTEL_RESOURCE_ATTRIBUTES.",
  },
  {
    path: "metrics.push.headers",
    kind: kind.textMap,
    env: ["TELLTALE_PUSH_HEADERS"],
    doc: "Headers of every request, e.g. `authorization`.",
  },
  {
    path: "metrics.push.gzip",
    kind: kind.flag,
    env: ["TELLTALE_PUSH_GZIP"],
    doc: "Sends gzipped: Pushgateway 1.5 and later, and OTLP. Default: false.",
  },
  {
    path: "metrics.push.intervalMs",
    kind: kind.integer(0),
    env: ["TELLTALE_PUSH_INTERVAL_MS"],
    doc: "Time between two pushes, milliseconds; 0 for only at the end. Default: OTEL_METRIC_EXPORT_INTERVAL, then 60000.",
  },
  {
    path: "metrics.push.timeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_PUSH_TIMEOUT_MS"],
    doc: "Longest time for one push with all it tries, milliseconds. Default: 10000.",
  },
  {
    path: "metrics.push.maxSamplesPerRequest",
    kind: kind.integer(1),
    env: [],
    doc: "Most samples or data points of one request; more are sent in several. Default: 2000.",
  },
  {
    path: "metrics.push.pushOnClose",
    kind: kind.flag,
    env: ["TELLTALE_PUSH_ON_CLOSE"],
    doc: "Pushes a last time on `obs.close()`. Default: true.",
  },
  {
    path: "metrics.push.closeTimeoutMs",
    kind: kind.integer(1),
    env: [],
    doc: "Longest time that the last push may take on `obs.close()`, milliseconds. Default: 2000.",
  },
  {
    path: "metrics.push.onExit",
    kind: kind.flag,
    env: ["TELLTALE_PUSH_ON_EXIT"],
    doc: "Pushes a last time when the process ends by itself. Default: false.",
  },
  {
    path: "metrics.push.staleOnClose",
    kind: kind.flag,
    env: [],
    doc: "Marks every series as gone when it closes, `remote-write` only. Default: true with an interval.",
  },
  {
    path: "metrics.push.deleteOnClose",
    kind: kind.flag,
    env: ["TELLTALE_PUSH_DELETE_ON_CLOSE"],
    doc: "Deletes the group from a Pushgateway when it closes. Default: false.",
  },
];
