import type { CatalogEntry, Declare } from "./collector.js";
import type { HistogramOptions, Metrics } from "./metrics/types.js";

/** Every family that this instance exports, with unit, labels and owner. */
export interface Catalog {
  /** The families, in the order of their declaration. */
  readonly entries: readonly CatalogEntry[];
  /** The declarer of one domain or collector. */
  for(owner: string): Declare;
}

/** What the catalog needs of the metrics. */
export type CatalogSource = Pick<Metrics, "counter" | "gauge" | "histogram" | "naming">;

/** Wraps the metric factory so that nothing undeclared can be exported. */
export function createCatalog(metrics: CatalogSource): Catalog {
  const entries: CatalogEntry[] = [];

  function record(
    { owner, type }: Pick<CatalogEntry, "owner" | "type">,
    options: Omit<HistogramOptions, "collect">,
  ): void {
    for (const family of metrics.naming.describe(type, options)) {
      if (entries.some(({ exported }) => exported === family.exported)) continue;
      entries.push({ owner, name: options.name, labels: options.labelNames ?? [], ...family });
    }
  }

  return {
    entries,
    for: (owner) => ({
      counter(options) {
        const family = metrics.counter(options);
        record({ owner, type: "counter" }, options);
        return family;
      },
      gauge(options) {
        const family = metrics.gauge(options);
        record({ owner, type: "gauge" }, options);
        return family;
      },
      histogram(options) {
        const family = metrics.histogram(options);
        record({ owner, type: "histogram" }, options);
        return family;
      },
    }),
  };
}
