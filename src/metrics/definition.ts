/** The kinds of family. */
export type FamilyType = "counter" | "gauge" | "histogram" | "summary";

/** How prom-client's cluster and aggregator registries join this family over processes. */
export type Aggregator = "sum" | "first" | "min" | "max" | "average" | "omit";

/** A declaration that was checked, with every default filled in. */
export interface Definition {
  /** Name as exported, prefix included. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Upper bounds of a histogram, percentiles of a summary; empty otherwise. */
  readonly bounds: readonly number[];
  readonly maxSeries: number;
  /** A series idle for longer is forgotten; 0 for never. */
  readonly ttlMs: number;
  readonly aggregator: Aggregator;
  /** Default labels: on every series, unless the family has a label of that name. */
  readonly defaults: Readonly<Record<string, string>>;
}
