import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `logging`. */
export const LOGGING_ROWS: readonly OptionRow[] = [
  {
    path: "logging.level",
    kind: kind.oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    env: ["TELLTALE_LOG_LEVEL", "LOG_LEVEL"],
    doc: "Lowest level that is written.",
    fallback: "info",
  },
  {
    path: "logging.levels",
    kind: kind.logLevels,
    env: ["TELLTALE_LOG_LEVELS"],
    doc: 'Levels of components, which win over `level`: `{ db: "debug" }`, or `db=debug,http=warn` in the environment. `obs.logger.setLevel()` changes them at run time.',
    fallback: {},
  },
  {
    path: "logging.format",
    kind: kind.oneOf("json", "document", "ecs", "logstash", "gcp", "pretty"),
    env: ["TELLTALE_LOG_FORMAT", "LOG_FORMAT"],
    doc: "What a line looks like: `json`, `document` (all fields below `fields`), `ecs`, `logstash`, `gcp`, or `pretty` for people. Default: `pretty` where stdout is a terminal, else `json`.",
  },
  {
    path: "logging.gcpProject",
    kind: kind.text,
    env: ["TELLTALE_LOG_GCP_PROJECT", "GOOGLE_CLOUD_PROJECT"],
    doc: "Google Cloud project that the `gcp` format says traces are in. Default: only the trace id is written.",
  },
  {
    path: "logging.clientAddress",
    kind: kind.oneOf("full", "masked", "none"),
    env: ["TELLTALE_LOG_CLIENT_ADDRESS"],
    doc: "How much of clients' addresses the access line and events tell: `masked` keeps the network (/24 of IPv4, /48 of IPv6).",
    fallback: "masked",
  },
  {
    path: "logging.destination",
    kind: kind.destination,
    env: ["TELLTALE_LOG_DESTINATION"],
    doc: "Short for one sink: a file path or a stream with `write(line)`. Default: stdout.",
  },
  {
    path: "logging.sinks",
    kind: kind.sinks,
    env: ["TELLTALE_LOG_SINKS"],
    doc: "All the places where lines go, each with a level of its own; it wins over `logging.destination`. In the environment `stdout,file:/var/log/app.log`. See [log sinks](guides/log-sinks.md).",
  },
  {
    path: "logging.sample.first",
    kind: kind.integer(1),
    env: ["TELLTALE_LOG_SAMPLE_FIRST"],
    doc: "Thins out repetitive lines: so many of each component and message text are written in an interval. Errors always are. Default: all lines are written.",
  },
  {
    path: "logging.sample.thereafter",
    kind: kind.integer(0),
    env: ["TELLTALE_LOG_SAMPLE_THEREAFTER"],
    doc: "Beyond `first`, every so-many-th line of a text is written; 0 for none. Default: 0.",
  },
  {
    path: "logging.sample.intervalMs",
    kind: kind.integer(1),
    env: [],
    doc: "Length of an interval of sampling, milliseconds. Default: 1000.",
  },
  {
    path: "logging.sample.key",
    kind: {
      expected: "a function (fields, message) => string or undefined",
      accepts: (value) => typeof value === "function",
    },
    env: [],
    doc: "Which lines are alike: those of a component for which it answers the same text. Default: those of one message text.",
  },
  {
    path: "logging.redact",
    kind: kind.texts,
    env: ["TELLTALE_LOG_REDACT"],
    doc: "Key names whose values are replaced, besides the built-in list.",
    fallback: [],
  },
];
