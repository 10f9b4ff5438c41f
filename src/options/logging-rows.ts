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
];
