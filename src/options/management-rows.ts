import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `management`. */
export const MANAGEMENT_ROWS: readonly OptionRow[] = [
  {
    path: "management.port",
    kind: kind.port,
    env: ["TELLTALE_PORT"],
    doc: "Port that `obs.listen()` and `telltale/register` open for `/metrics` and the health endpoints; 0 takes a free one.",
    fallback: 9464,
  },
  {
    path: "management.host",
    kind: kind.text,
    env: ["TELLTALE_HOST"],
    doc: "Address that it listens on. Default: every interface.",
  },
];
