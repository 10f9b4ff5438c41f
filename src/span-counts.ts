import type { Declare } from "./collector.js";
import type { Tracing } from "./tracing/index.js";

/**
 * Declares the counters of exported and lost spans and the gauge of those that wait; returns what brings them up to date.
 * The tracing floor knows no metrics: it counts by itself, and a scrape takes over what came since the last.
 */
export function countSpans(declare: Declare, tracing: Tracing): () => void {
  const exported = declare.counter({
    name: "telltale_spans_exported_total",
    help: "Spans that a collector took.",
    labelNames: ["exporter"],
  });
  const dropped = declare.counter({
    name: "telltale_spans_dropped_total",
    help: "Spans that were lost: the queue was full, an export failed, the collector was given a rest (circuit), or the tail sampler had no room (tail), which precedes all exporters.",
    labelNames: ["exporter", "reason"],
  });
  const queued = declare.gauge({
    name: "telltale_spans_queued",
    help: "Ended spans that wait for their export.",
    labelNames: ["exporter"],
  });
  const seen = new Map<string, { exported: number; circuit: number; failed: number; queue: number }>();
  let tail = 0;
  return () => {
    const stats = tracing.stats();
    dropped.inc({ exporter: "all", reason: "tail" }, stats.dropped.tail - tail);
    tail = stats.dropped.tail;
    for (const [exporter, now] of stats.exporters) {
      const before = seen.get(exporter) ?? { exported: 0, circuit: 0, failed: 0, queue: 0 };
      exported.inc({ exporter }, now.exported - before.exported);
      queued.set({ exporter }, now.queued);
      for (const reason of ["queue", "failed", "circuit"] as const)
        dropped.inc({ exporter, reason }, now.dropped[reason] - before[reason]);
      seen.set(exporter, { exported: now.exported, ...now.dropped });
    }
  };
}
