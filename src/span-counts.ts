import type { Declare } from "./collector.js";
import type { Tracing } from "./tracing/index.js";

/**
 * Declares the counters of exported and lost spans; returns what brings them up to date. The tracing floor knows no
 * metrics: it counts by itself, and a scrape takes over what came since the last.
 */
export function countSpans(declare: Declare, tracing: Tracing): () => void {
  const exported = declare.counter({
    name: "telltale_spans_exported_total",
    help: "Spans that the collector took.",
  });
  const dropped = declare.counter({
    name: "telltale_spans_dropped_total",
    help: "Spans that were lost: the queue was full, an export failed, the collector was given a rest (circuit), or the tail sampler had no room (tail).",
    labelNames: ["reason"],
  });
  const seen = { exported: 0, queue: 0, failed: 0, circuit: 0, tail: 0 };
  return () => {
    const now = tracing.stats();
    exported.inc(now.exported - seen.exported);
    seen.exported = now.exported;
    for (const reason of ["queue", "failed", "circuit", "tail"] as const) {
      dropped.inc({ reason }, now.dropped[reason] - seen[reason]);
      seen[reason] = now.dropped[reason];
    }
  };
}
