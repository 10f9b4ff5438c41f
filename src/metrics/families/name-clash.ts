/** As much of a metric as the names of its lines depend on. */
export interface NamedMetric {
  readonly name: string;
  readonly type: unknown;
}

// What the names of a metric's lines end in. `_total` is that of counters in OpenMetrics, where the metric itself has
// the name without.
const ENDINGS = ["_bucket", "_sum", "_count", "_total"] as const;
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  histogram: ENDINGS,
  summary: ["_sum", "_count", "_total"],
};

/**
 * The name of another metric that cannot stand in one exposition with this one, though their names differ: a gauge
 * `x_count` or a counter `x_total` beside a histogram `x`. Readers such as the Pushgateway refuse the whole text then.
 */
export function findClash(
  metric: NamedMetric,
  find: (name: string) => NamedMetric | undefined,
): string | undefined {
  const base = metric.name.replace(/_(bucket|sum|count|total)$/, "");
  return [base, ...ENDINGS.map((ending) => metric.name + ending)]
    .map(find)
    .find((other) => other !== undefined && (takes(other, metric) || takes(metric, other)))?.name;
}

function takes(owner: NamedMetric, other: NamedMetric): boolean {
  const endings = TAKEN[String(owner.type)] ?? [];
  return endings.some(
    (ending) => other.name === owner.name + ending && (ending !== "_total" || other.type === "counter"),
  );
}
