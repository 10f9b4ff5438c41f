import { writeSync } from "node:fs";
import type { Catalog } from "./catalog.js";
import type { Faults } from "./guard.js";
import type { LossHooks } from "./logging/index.js";

const STDERR_FD = 2;

/** Declares the counter of lost log lines; returns the hooks that count and tell of them past the log. */
export function logLosses(
  catalog: Pick<Catalog, "for">,
  { note }: Pick<Faults, "note">,
): Required<Pick<LossHooks, "note" | "dropped" | "tell">> {
  const lines = catalog.for("telltale").counter({
    name: "log_lines_dropped_total",
    help: "Log lines that did not arrive or were left out, by sink and reason.",
    labelNames: ["sink", "reason"],
  });
  return {
    note,
    dropped: (sink, reason, count) => lines.inc({ sink, reason }, count),
    tell: (text) => {
      try {
        // Not process.stderr: an error event of it, say of a closed pipe, would end the process.
        writeSync(STDERR_FD, `telltale: ${text}\n`);
      } catch {
        // Nobody is left to be told.
      }
    },
  };
}
