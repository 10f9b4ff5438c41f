import type { RegisteredMetric } from "./print-metric.js";

/** The metric of a name in the registry. */
export type Peers = (name: string) => Pick<RegisteredMetric, "type"> | undefined;

/**
 * True for a counter whose names in OpenMetrics another metric has: its family goes without `_total` and its lines
 * with it, so that `jobs_total` and the gauge `jobs` would be one family.
 */
export function clashes({ name, type }: Pick<RegisteredMetric, "name" | "type">, peers: Peers): boolean {
  if (type !== "counter") return false;
  const base = name.replace(/_total$/, "");
  const other = base === name ? `${name}_total` : base;
  return peers(other) !== undefined || isLineOf(base, peers);
}

function isLineOf(name: string, peers: Peers): boolean {
  const parent = peers(name.replace(/_(bucket|sum|count)$/, ""));
  return parent?.type === "histogram" || parent?.type === "summary";
}
