import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `health`. */
export const HEALTH_ROWS: readonly OptionRow[] = [
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
];
