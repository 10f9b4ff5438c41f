import type { ExemplarLabels, Labels } from "./types.js";

/** One series of a counter: resolve it once, then `inc()` costs an addition. */
export interface CounterHandle {
  /**
   * Adds `value` (default 1). A negative or non-finite number is reported and not recorded. `exemplar` takes the place
   * of the last one.
   */
  inc(value?: number, exemplar?: ExemplarLabels): void;
}

/** One series of a gauge. */
export interface GaugeHandle<L extends string = string> {
  set(value: number): void;
  inc(value?: number): void;
  dec(value?: number): void;
  /** Sets the current Unix time in seconds. */
  setToCurrentTime(): void;
  /** Starts a timer; the returned function sets and returns the seconds passed, under further labels if it is given some. */
  startTimer(): (labels?: Labels<L>) => number;
}

/** One series of a histogram. */
export interface HistogramHandle<L extends string = string> {
  /** Records `value`; `exemplar` takes the place of the last one of its bucket. */
  observe(value: number, exemplar?: ExemplarLabels): void;
  /** Makes the series appear with zeros before its first observation. */
  zero(): void;
  /** Starts a timer; the returned function observes and returns the seconds passed, under further labels if it is given some. */
  startTimer(): (labels?: Labels<L>) => number;
}

/** One series of a summary. */
export interface SummaryHandle<L extends string = string> {
  observe(value: number): void;
  startTimer(): (labels?: Labels<L>) => number;
}
