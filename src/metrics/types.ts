import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { AdoptableRegistry } from "./clients/adoptions.js";
import type { Aggregator, FamilyType } from "./families/definition.js";

export type { Aggregator } from "./families/definition.js";

import type { FamilySamples } from "./families/samples.js";
import type { CounterHandle, GaugeHandle, HistogramHandle, SummaryHandle } from "./handle-types.js";
import type { Naming } from "./naming/naming.js";
import type { NamingPreset, Renames } from "./naming/types.js";
import type { ExposedFleet } from "./processes/fleet.js";
import type { Exposed } from "./processes/threads.js";
import type { Journal, View } from "./processes/types.js";

export type { CounterHandle, GaugeHandle, HistogramHandle, SummaryHandle } from "./handle-types.js";
export type { NamingPreset, Rename, Renames } from "./naming/types.js";

/** A label value as callers may give it; it is made a string before it is stored. */
export type LabelValue = string | number | boolean | null | undefined;

/** Labels by name. A missing label is exported as the empty string. Without label names, no label is accepted. */
export type Labels<L extends string> = [L] extends [never]
  ? { readonly [name: string]: never }
  : { readonly [K in L]?: LabelValue };

/**
 * What was seen when a number was recorded, such as `{ trace_id, span_id }`; OpenMetrics and protobuf show it. Names and
 * values together have at most 128 characters: a longer one is reported and dropped.
 */
export type ExemplarLabels = Readonly<Record<string, string | number>>;

/** One record with its exemplar in prom-client's form. */
export interface ExemplarRecord<L extends string> {
  readonly labels?: Labels<L>;
  readonly value?: number;
  readonly exemplarLabels?: ExemplarLabels;
}

/** What every family is declared with; `F` is the family that it becomes. */
export interface FamilyOptions<L extends string = string, F = Family<L, unknown>> {
  /** Prometheus name without the service prefix; a counter's ends in `_total`. */
  name: string;
  /** One sentence for `# HELP`. */
  help: string;
  /** Label names. Default: none. */
  labelNames?: readonly L[];
  /** Base unit as Prometheus spells it: `seconds`, `bytes`, `ratio`. Default: none. */
  unit?: string;
  /**
   * Most label sets this family may hold; beyond it values become `__overflow__`, first in the label that has most of
   * them, and a tenth more label sets are made for that. Default: `metrics.maxSeriesPerFamily`.
   */
  maxSeries?: number;
  /**
   * Most distinct values of each label, or of those named; further ones become `__overflow__` in that label alone.
   * Default: `metrics.maxValuesPerLabel`, or the family's own `maxSeries` where that is larger.
   */
  maxValues?: number | { readonly [K in NoInfer<L>]?: number };
  /**
   * Milliseconds without a record after which a series is forgotten; 0 for never. A counter or histogram that comes
   * (back) shows 0 in its first scrape, so that `increase()` misses nothing; a gauge that was counted up and down goes
   * only once it is 0. Should be several times the scrape interval. Default: `metrics.ttlMs`; for gauges 0, because one
   * that was set holds until it is set again.
   */
  ttlMs?: number;
  /** How prom-client's cluster and aggregator registries join the family over processes. Default: `sum`. */
  aggregator?: Aggregator;
  /** prom-client's: a counter's `inc()` takes its arguments as `{ labels, value, exemplarLabels }`. Default: false. */
  enableExemplars?: boolean;
  /**
   * Called before each scrape, to set values that are read rather than recorded; `this` is the family. A second
   * declaration adds its own.
   */
  collect?(this: F): void | Promise<void>;
}

/** Options of a histogram. */
export interface HistogramOptions<L extends string = string> extends FamilyOptions<L, Histogram<L>> {
  /** Upper bounds, ascending, without +Inf. Default: prom-client's .005 … 10. */
  buckets?: readonly number[];
  /**
   * Exponential buckets besides, which Prometheus reads over protobuf; true for schema 3 and 160 buckets. Prometheus 2.42
   * then keeps nothing of `buckets`. Default: `metrics.nativeHistograms`.
   */
  native?: boolean | NativeHistogramOptions;
}

/** The exponential buckets of a histogram. */
export interface NativeHistogramOptions {
  /** Buckets in a doubling: 2^schema, from -4 to 8. Default: 3, so that a bucket ends 9 % above where it begins. */
  schema?: number;
  /** Most populated buckets of one series; with one more its resolution halves. Default: 160. */
  maxBuckets?: number;
}

/** Options of a summary; prom-client's own. */
export interface SummaryOptions<L extends string = string> extends FamilyOptions<L, Summary<L>> {
  /** Default: .01 .05 .5 .9 .95 .99 .999 */
  percentiles?: readonly number[];
  /** Sliding window in seconds. Default: none. */
  maxAgeSeconds?: number;
  /** Buckets of the sliding window. Default: none. */
  ageBuckets?: number;
  /** Forgets a label set once the window holds no observation of it. Default: false. */
  pruneAgedBuckets?: boolean;
  /** Observations after which the digest is compressed. Default: 1000. */
  compressCount?: number;
}

/** What all families share. */
export interface Family<L extends string, H> {
  /** Name as exported, prefix included. */
  readonly name: string;
  readonly type: FamilyType;
  readonly labelNames: readonly L[];
  /** The handle of one label set, by position (`labels("GET", "/")`) or by name (`labels({ method: "GET" })`). */
  labels(...values: LabelValue[]): H;
  labels(labels: Labels<L>): H;
  /** Forgets one label set. Handles of it come back to life when they are used again. */
  remove(...values: LabelValue[]): void;
  remove(labels: Labels<L>): void;
  /** Forgets every label set. */
  reset(): void;
  /** Runs the collect callbacks; the numbers of now, in prom-client's form. */
  get(): Promise<FamilySamples>;
}

/** prom-client's Counter, with typed labels. */
export interface Counter<L extends string = string> extends Family<L, CounterHandle> {
  inc(value?: number, exemplar?: ExemplarLabels): void;
  inc(labels: Labels<L>, value?: number, exemplar?: ExemplarLabels): void;
  /** Where `enableExemplars` is set. */
  inc(record: ExemplarRecord<L>): void;
}

/** prom-client's Gauge, with typed labels. */
export interface Gauge<L extends string = string> extends Family<L, GaugeHandle<L>> {
  set(value: number): void;
  set(labels: Labels<L>, value: number): void;
  inc(value?: number): void;
  inc(labels: Labels<L>, value?: number): void;
  dec(value?: number): void;
  dec(labels: Labels<L>, value?: number): void;
  setToCurrentTime(labels?: Labels<L>): void;
  startTimer(labels?: Labels<L>): (labels?: Labels<L>) => number;
}

/** prom-client's Histogram, with typed labels. */
export interface Histogram<L extends string = string> extends Family<L, HistogramHandle<L>> {
  observe(value: number, exemplar?: ExemplarLabels): void;
  observe(labels: Labels<L>, value: number, exemplar?: ExemplarLabels): void;
  observe(record: ExemplarRecord<L>): void;
  /** Makes a series appear with zeros before its first observation. */
  zero(labels?: Labels<L>): void;
  startTimer(labels?: Labels<L>): (labels?: Labels<L>) => number;
}

/** prom-client's Summary, with typed labels. */
export interface Summary<L extends string = string> extends Family<L, SummaryHandle<L>> {
  observe(value: number): void;
  observe(labels: Labels<L>, value: number): void;
  startTimer(labels?: Labels<L>): (labels?: Labels<L>) => number;
}

/** The factory of families over one registry. Declaring a name twice with the same shape returns the first. */
export interface MetricFactory {
  counter<const L extends string = never>(options: FamilyOptions<L, Counter<L>>): Counter<L>;
  gauge<const L extends string = never>(options: FamilyOptions<L, Gauge<L>>): Gauge<L>;
  histogram<const L extends string = never>(options: HistogramOptions<L>): Histogram<L>;
  summary<const L extends string = never>(options: SummaryOptions<L>): Summary<L>;
  /** A prom-client Registry: third-party metrics register here and show. */
  readonly registry: Registry;
}

/** What the metrics floor needs to know. */
export interface MetricsSettings {
  /** Put before every family's name, e.g. `chat_`. Empty for none. */
  readonly prefix: string;
  /** Labels on every series. */
  readonly labels: Readonly<Record<string, string>>;
  /** Cap of label sets a family. */
  readonly maxSeriesPerFamily: number;
  /** Cap of distinct values a label. Default: none. */
  readonly maxValuesPerLabel?: number;
  /** Milliseconds without a record after which a series is forgotten, gauges excepted; 0 for never. Default: 0. */
  readonly ttlMs?: number;
  /** Instances of this name in other threads of the process are shown with the main thread's. Default: no others. */
  readonly threads?: string | undefined;
  /** Keeps exemplars. Default: true. */
  readonly exemplars?: boolean;
  /** Gives every histogram that does not say otherwise exponential buckets besides. Default: false. */
  readonly nativeHistograms?: boolean;
  /** The vocabulary of the exposition. Default: `prometheus`, our own. */
  readonly naming?: NamingPreset;
  /** Exported names by declared family, over those of the vocabulary. Default: none. */
  readonly rename?: Renames;
  /** Milliseconds after which a collect callback, or a metric of a third party, is left behind. Default: 1000. */
  readonly collectTimeoutMs?: number;
}

/** How full one family is. */
export interface FamilyCardinality {
  /** Name as exported. */
  readonly family: string;
  /** Label sets it holds, overflow series included. */
  readonly series: number;
  /** Its cap; at most a tenth more series, rounded up, and one are made beyond it. */
  readonly maxSeries: number;
  /** Look-ups counted under `__overflow__` so far. A handle is looked up once, however often it records. */
  readonly dropped: number;
  /** Distinct values by label, `__overflow__` not counted. */
  readonly values: Readonly<Record<string, number>>;
}

/** What a cardinality report is to show. */
export interface CardinalityOptions {
  /** Only so many families, those with most series. Default: all. */
  readonly top?: number;
}

/** How full the families are, the one with most series first. */
export interface CardinalityReport extends ReadonlyArray<FamilyCardinality> {
  /** A table for people. It holds no label value. */
  toString(): string;
}

/** How metrics are written: Prometheus text 0.0.4, OpenMetrics 1.0.0, or Prometheus protobuf, delimited. */
export type ExpositionFormat = "text" | "openmetrics" | "protobuf";

/** Options of `text()`. */
export interface TextOptions<F extends ExpositionFormat = "text" | "openmetrics"> {
  /** Default: the registry's own, which is text unless `registry.setContentType()` changed it. */
  readonly format?: F | undefined;
  /**
   * Shows only the metrics of these names; the names of their lines, such as `_bucket` and `_count`, do as well, and
   * `_total` makes no difference. Only their collect callbacks run. Default: all.
   */
  readonly names?: ReadonlySet<string> | undefined;
}

/** Options of `pipeTo()`. */
export interface PipeOptions extends TextOptions<ExpositionFormat> {
  /** Ends the writable when all is written. Default: true. */
  readonly end?: boolean;
  /** Milliseconds of work after which the event loop gets its turn. Default: 1. */
  readonly sliceMs?: number;
}

/** The metrics of one instance. */
export interface Metrics extends MetricFactory {
  /** The content type of the registry's own format. */
  readonly contentType: string;
  /** The registry's own format. */
  readonly format: ExpositionFormat;
  /** The whole exposition. Yields to the event loop while it is made; never rejects. */
  text(options?: TextOptions): Promise<string>;
  /** Writes the exposition piece by piece. Resolves when all is written, or when the writable was closed before. */
  pipeTo(writable: Writable, options?: PipeOptions): Promise<void>;
  /** How full each family is. */
  cardinality(options?: CardinalityOptions): CardinalityReport;
  /** The families of this instance alone. */
  readonly view: View;
  /** What a scrape is to show, and what writes it; in the main thread the sum over all threads. Never rejects. */
  expose(): Promise<Exposed>;
  /** Makes a journal, which tells another process or thread of this instance's families. */
  createJournal(): Journal;
  /** Makes a fleet, which adds up instances like this one. */
  createFleet(): ExposedFleet;
  /**
   * Shows the metrics of another registry beside our own, now and as they come, such as the `client.register` that a
   * service has used so far. It may come from any copy or kind of prom-client and is left as it is. Returns the undo.
   * Throws TELLTALE_TARGET on anything else.
   */
  adopt(registry: AdoptableRegistry): () => void;
  /** The names in the exposition. */
  readonly naming: Pick<Naming, "describe" | "unused">;
  /** Lets go of the rendered text. Records and scrapes go on working. */
  close(): void;
}
