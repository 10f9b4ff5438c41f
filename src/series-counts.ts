import type { Declare } from "./collector.js";
import type { Metrics } from "./metrics/index.js";

/**
 * Declares the counter of look-ups that a cap folded into `__overflow__`; returns what brings it up to date. The
 * metrics floor counts by itself, and a scrape takes over what came since the last.
 */
export function countDroppedSeries(declare: Declare, metrics: Metrics): () => void {
  const dropped = declare.counter({
    name: "telltale_series_dropped_total",
    help: "Look-ups of label sets beyond a cap of their family, which were counted under __overflow__.",
    labelNames: ["family"],
    ttlMs: 0,
  });
  const seen = new Map<string, number>();
  return () => {
    for (const { family, dropped: now } of metrics.cardinality()) {
      const before = seen.get(family) ?? 0;
      if (now > before) dropped.inc({ family }, now - before);
      seen.set(family, now);
    }
  };
}
