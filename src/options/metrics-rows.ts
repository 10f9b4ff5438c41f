import * as kind from "./kinds.js";
import { PUSH_ROWS } from "./push-rows.js";
import type { OptionRow } from "./table.js";

/** The options below `metrics`. */
export const METRICS_ROWS: readonly OptionRow[] = [
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
    doc: "Longest wait of a scrape for the other processes, milliseconds; of a silent one the last known values are shown. Longer than `metrics.collectTimeoutMs`, or a callback that hangs would make its whole process silent.",
    fallback: 2000,
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
];
