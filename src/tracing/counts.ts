import type { SpanCounts, TracingStats } from "./types.js";

const REASONS = ["circuit", "failed", "queue", "tail"] as const;

/** Counts that begin at nought. */
export function createCounts(): SpanCounts {
  const dropped = { circuit: 0, failed: 0, queue: 0, tail: 0 };
  return {
    exported: 0,
    queued: 0,
    get failed() {
      return dropped.failed;
    },
    dropped,
  };
}

/** The counts of some exporters, and their sums with what was lost on the way to them. */
export function sumCounts(exporters: ReadonlyMap<string, SpanCounts>, before: SpanCounts): TracingStats {
  const sum = { exported: 0, queued: 0, dropped: { ...before.dropped } };
  for (const { exported, queued, dropped } of exporters.values()) {
    sum.exported += exported;
    sum.queued += queued;
    for (const reason of REASONS) sum.dropped[reason] += dropped[reason];
  }
  return { ...sum, failed: sum.dropped.failed, exporters };
}
