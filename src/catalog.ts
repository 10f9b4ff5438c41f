import type { CatalogEntry, Declare } from "./collector.js";
import type { HistogramOptions, MetricFactory } from "./metrics/types.js";

/** Every family that this instance exports, with unit, labels and owner. */
export interface Catalog {
  /** The families, in the order of their declaration. */
  readonly entries: readonly CatalogEntry[];
  /** The declarer of one domain or collector. */
  for(owner: string): Declare;
}

/** Wraps the metric factory so that nothing undeclared can be exported. */
export function createCatalog(metrics: MetricFactory): Catalog {
  const entries: CatalogEntry[] = [];

  function record(entry: Pick<CatalogEntry, "owner" | "type" | "exported">, options: HistogramOptions): void {
    if (entries.some(({ exported }) => exported === entry.exported)) return;
    entries.push({
      ...entry,
      name: options.name,
      help: options.help,
      labels: options.labelNames ?? [],
      ...(options.unit === undefined ? {} : { unit: options.unit }),
      ...(options.buckets === undefined ? {} : { buckets: options.buckets }),
    });
  }

  return {
    entries,
    for: (owner) => ({
      counter(options) {
        const family = metrics.counter(options);
        record({ owner, type: "counter", exported: family.name }, options);
        return family;
      },
      gauge(options) {
        const family = metrics.gauge(options);
        record({ owner, type: "gauge", exported: family.name }, options);
        return family;
      },
      histogram(options) {
        const family = metrics.histogram(options);
        record({ owner, type: "histogram", exported: family.name }, options);
        return family;
      },
    }),
  };
}
