import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { Aggregator, FamilyType } from "./definition.js";

/** A label value as callers may give it; it is made a string before it is stored. */
export type LabelValue = string | number | boolean | null | undefined;

/** Labels by name. A missing label is exported as the empty string. Without label names, no label is accepted. */
export type Labels<L extends string> = [L] extends [never]
  ? { readonly [name: string]: never }
  : { readonly [K in L]?: LabelValue };

/** What every family is declared with. */
export interface FamilyOptions<L extends string = string> {
  /** Prometheus name without the service prefix; a counter's ends in `_total`. */
  name: string;
  /** One sentence for `# HELP`. */
  help: string;
  /** Label names. Default: none. */
  labelNames?: readonly L[];
  /** Base unit as Prometheus spells it: `seconds`, `bytes`, `ratio`. Default: none. */
  unit?: string;
  /** Most label sets this family may hold; further ones fold into `__overflow__`. Default: `metrics.maxSeriesPerFamily`. */
  maxSeries?: number;
  /**
   * Milliseconds without a record after which a series is forgotten; 0 for never. A counter or histogram that comes
   * (back) shows 0 in its first scrape, so that `increase()` misses nothing; a gauge that was counted up and down goes
   * only once it is 0. Default: `ttlMs` of the settings.
   */
  ttlMs?: number;
  /** How prom-client's cluster and aggregator registries join the family over processes. Default: `sum`. */
  aggregator?: Aggregator;
  /** Called before each scrape, to set values that are read rather than recorded. A second declaration adds its own. */
  collect?: () => void | Promise<void>;
}

/** Options of a histogram. */
export interface HistogramOptions<L extends string = string> extends FamilyOptions<L> {
  /** Upper bounds, ascending, without +Inf. Default: prom-client's .005 … 10. */
  buckets?: readonly number[];
}

/** Options of a summary; prom-client's own. */
export interface SummaryOptions<L extends string = string> extends FamilyOptions<L> {
  /** Default: .01 .05 .5 .9 .95 .99 .999 */
  percentiles?: readonly number[];
  /** Sliding window in seconds. Default: none. */
  maxAgeSeconds?: number;
  /** Buckets of the sliding window. Default: none. */
  ageBuckets?: number;
}

/** One series of a counter: resolve it once, then `inc()` costs an addition. */
export interface CounterHandle {
  /** Adds `value` (default 1). A negative or non-finite number is reported and not recorded. */
  inc(value?: number): void;
}

/** One series of a gauge. */
export interface GaugeHandle {
  set(value: number): void;
  inc(value?: number): void;
  dec(value?: number): void;
  /** Sets the current Unix time in seconds. */
  setToCurrentTime(): void;
  /** Starts a timer; the returned function sets and returns the seconds passed. */
  startTimer(): () => number;
}

/** One series of a histogram. */
export interface HistogramHandle {
  observe(value: number): void;
  /** Makes the series appear with zeros before its first observation. */
  zero(): void;
  /** Starts a timer; the returned function observes and returns the seconds passed. */
  startTimer(): () => number;
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
}

/** prom-client's Counter, with typed labels. */
export interface Counter<L extends string = string> extends Family<L, CounterHandle> {
  inc(value?: number): void;
  inc(labels: Labels<L>, value?: number): void;
}

/** prom-client's Gauge, with typed labels. */
export interface Gauge<L extends string = string> extends Family<L, GaugeHandle> {
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
export interface Histogram<L extends string = string> extends Family<L, HistogramHandle> {
  observe(value: number): void;
  observe(labels: Labels<L>, value: number): void;
  /** Makes a series appear with zeros before its first observation. */
  zero(labels?: Labels<L>): void;
  startTimer(labels?: Labels<L>): (labels?: Labels<L>) => number;
}

/** prom-client's Summary, with typed labels. */
export interface Summary<L extends string = string> extends Family<L, SummaryHandle> {
  observe(value: number): void;
  observe(labels: Labels<L>, value: number): void;
  startTimer(labels?: Labels<L>): (labels?: Labels<L>) => number;
}

/** One series of a summary. */
export interface SummaryHandle {
  observe(value: number): void;
  startTimer(): () => number;
}

/** The factory of families over one registry. Declaring a name twice with the same shape returns the first. */
export interface MetricFactory {
  counter<const L extends string = never>(options: FamilyOptions<L>): Counter<L>;
  gauge<const L extends string = never>(options: FamilyOptions<L>): Gauge<L>;
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
  /** Milliseconds without a record after which a series is forgotten; 0 for never. Default: 0. */
  readonly ttlMs?: number;
}

/** How full one family is. */
export interface FamilyCardinality {
  /** Name as exported. */
  readonly family: string;
  /** Label sets it holds, the overflow series included. */
  readonly series: number;
  /** Look-ups folded into the overflow series so far. */
  readonly dropped: number;
}

/** Options of `pipeTo()`. */
export interface PipeOptions {
  /** Ends the writable when all is written. Default: true. */
  readonly end?: boolean;
  /** Milliseconds of work after which the event loop gets its turn. Default: 1. */
  readonly sliceMs?: number;
}

/** The metrics of one instance. */
export interface Metrics extends MetricFactory {
  /** The content type of the exposition. */
  readonly contentType: string;
  /** The whole exposition. Yields to the event loop while it is made; never rejects. */
  text(): Promise<string>;
  /** Writes the exposition page by page. Resolves when all is written, or when the writable was closed before. */
  pipeTo(writable: Writable, options?: PipeOptions): Promise<void>;
  /** How full each family is. */
  cardinality(): FamilyCardinality[];
  /** Lets go of the rendered text. Records and scrapes go on working. */
  close(): void;
}
