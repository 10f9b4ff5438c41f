import type { Catalog } from "./catalog.js";
import type { Declare } from "./collector.js";
import type { Faults } from "./guard.js";
import { logLosses } from "./log-losses.js";
import { createLogger, type Logging, type LoggingSettings } from "./logging/index.js";
import type { Samples } from "./samples.js";
import { contexts, SUPPRESSED_ROOT } from "./tracing/context.js";

/** What the log is joined with. */
export interface LogParts {
  readonly catalog: Catalog;
  readonly samples: Samples;
  readonly note: Faults["note"];
}

/** Makes the log of an instance: its lines carry the ids of the work under way and are counted. */
export function createLog(settings: LoggingSettings, { catalog, samples, note }: LogParts): Logging {
  const apart = <T>(work: () => T): T => contexts.run(SUPPRESSED_ROOT, work);
  const log = createLogger(settings, { ...contexts, apart, ...logLosses(catalog, { note }) });
  for (const complaint of settings.complaints ?? []) log.logger.warn(complaint);
  samples.add(countLogLines(catalog.for("telltale"), log));
  return log;
}

// By pino's number of the level, in tens.
const LEVELS = ["", "trace", "debug", "info", "warn", "error", "fatal"];

/**
 * Declares the counter of log lines; returns what brings it up to date. The logging floor knows no metrics: a line adds
 * one to a slot of its component, and a scrape takes over what came since the last.
 */
function countLogLines(declare: Declare, logging: Pick<Logging, "counts">): () => void {
  const lines = declare.counter({
    name: "log_lines_total",
    help: "Log lines written, by level and component; `root` is the service's own logger, and all components beyond the first 100 are `__overflow__`.",
    labelNames: ["level", "component"],
    ttlMs: 0,
  });
  const seen = new Map<string, number[]>();
  return () => {
    for (const [component, counts] of logging.counts()) {
      const last = seen.get(component) ?? [];
      counts.forEach((count, slot) => {
        const level = LEVELS[slot] as string;
        const more = count - (last[slot] ?? 0);
        if (more > 0) lines.inc({ level, component }, more);
      });
      seen.set(component, [...counts]);
    }
  };
}
