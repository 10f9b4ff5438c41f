import type { RegisteredMetric } from "../exposition/print-metric.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import { withLabels } from "./labelled-metric.js";

/** How metrics of other registries are read. */
export interface ReadOptions {
  /** Labels for each line, where it has none of the same name. */
  readonly labels: object;
  /** Only metrics that clusters join in this way. Default: all. */
  readonly aggregator: string | undefined;
  readonly report: ReportMisuse;
}

/** The lines of metrics as objects, as `getMetricsAsJSON()` gives them; what cannot be read is told and left out. */
export async function readAsJson(
  metrics: readonly RegisteredMetric[],
  { labels, aggregator, report }: ReadOptions,
): Promise<object[]> {
  const wanted = metrics.filter(
    (metric) => aggregator === undefined || (metric.aggregator ?? "sum") === aggregator,
  );
  const read = await Promise.all(
    wanted.map(async (metric) => {
      try {
        return [(await withLabels(metric, labels).get()) as object];
      } catch (error) {
        createMisuse(metric.name, report).tell(() => `could not be read and was left out: ${String(error)}`);
        return [];
      }
    }),
  );
  return read.flat();
}
