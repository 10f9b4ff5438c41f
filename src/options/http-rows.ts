import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

// prom-client's and the OpenTelemetry conventions' bounds are made for seconds too; these add the sub-5 ms range of a Node service.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10];
const BYTES = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/** The options below `http`. */
export const HTTP_ROWS: readonly OptionRow[] = [
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
    doc: "Bounds of the duration histograms, seconds; another `metrics.naming` brings its own.",
    fallback: SECONDS,
  },
  {
    path: "http.sizeBuckets",
    kind: kind.bounds,
    env: ["TELLTALE_HTTP_SIZE_BUCKETS"],
    doc: "Bounds of the size histograms, bytes; another `metrics.naming` may bring its own.",
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
