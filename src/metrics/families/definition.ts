/** The kinds of family. */
export type FamilyType = "counter" | "gauge" | "histogram" | "summary";

/** How prom-client's cluster and aggregator registries join this family over processes. */
export type Aggregator = "sum" | "first" | "min" | "max" | "average" | "omit";

/** The exponential buckets of a histogram. */
export interface NativeDefinition {
  /** Resolution at the start, from -4 to 8: a doubling has 2^schema buckets. */
  readonly schema: number;
  /** Most populated buckets of a series; with one more its resolution halves, down to schema -4. */
  readonly maxBuckets: number;
}

/** A declaration that was checked, with every default filled in. */
export interface Definition {
  /** Name as exported, prefix included. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  /** Base unit, such as `seconds`. */
  readonly unit: string | undefined;
  /** Labels as exported. */
  readonly labelNames: readonly string[];
  /** What the code that records calls the labels, one for each of `labelNames`; absent where it uses those names. */
  readonly labelKeys?: readonly string[];
  /** What the family was declared with, without the prefix; absent where it is exported like that. */
  readonly declared?: { readonly name: string; readonly labelNames: readonly string[] };
  /** Upper bounds of a histogram, percentiles of a summary; empty otherwise. */
  readonly bounds: readonly number[];
  /** The exponential buckets of a histogram that has them besides `bounds`. */
  readonly native: NativeDefinition | undefined;
  readonly maxSeries: number;
  /** Most distinct values of each label, in the order of `labelNames`; further ones become `__overflow__`. */
  readonly maxValues: readonly number[];
  /** A series idle for longer is forgotten; 0 for never. */
  readonly ttlMs: number;
  readonly aggregator: Aggregator;
  /** True where a counter takes prom-client's `{ labels, value, exemplarLabels }`. */
  readonly enableExemplars?: boolean | undefined;
  /** Default labels: on every series, unless the family has a label of that name. */
  readonly defaults: Readonly<Record<string, string>>;
}
