import type { NativeDefinition } from "../families/definition.js";
import type { Columns } from "./columns.js";
import { NativeIndex } from "./native-index.js";
import { NativeSeries } from "./native-series.js";
import type { NativeSide } from "./native-spans.js";
import type { NativeState } from "./native-state.js";

/** Values up to this far from 0 are counted as 0: 2^-128, client_golang's default. */
const ZERO_THRESHOLD = 2 ** -128;

/** One series as Prometheus' protobuf format describes a native histogram. */
export interface NativeHistogram {
  /** A doubling has 2^schema buckets. */
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly sum: number;
  readonly count: number;
  readonly positive: NativeSide;
  readonly negative: NativeSide;
}

/**
 * The exponential buckets of a histogram family, by row: those of Prometheus' native histograms. Bucket k of schema s
 * holds the values in (2^((k-1)/2^s), 2^(k/2^s)]; a series with too many buckets halves its resolution.
 *
 * @see https://prometheus.io/docs/specs/native_histograms/
 */
export class NativeHistograms {
  readonly #definition: NativeDefinition;
  readonly #columns: Columns;
  readonly #index: NativeIndex;
  readonly #series: (NativeSeries | undefined)[] = [];

  /** Takes the columns of the classic buckets, which hold the sums as well. */
  constructor(definition: NativeDefinition, columns: Columns) {
    this.#definition = definition;
    this.#columns = columns;
    this.#index = new NativeIndex(Math.max(0, definition.schema));
  }

  /** Records a finite value. */
  observe(row: number, value: number): void {
    const series = this.#series[row] ?? this.#admit(row);
    const magnitude = Math.abs(value);
    if (magnitude > ZERO_THRESHOLD) series.record(value < 0, this.#index.find(magnitude));
    else series.zeros++;
  }

  /** What a row counted, as plain data; undefined where that is nothing. */
  stateOf(row: number): NativeState | undefined {
    return this.#series[row]?.state;
  }

  /** Adds what another histogram counted to a row, beside its classic buckets. */
  add(row: number, state: NativeState): void {
    (this.#series[row] ?? this.#admit(row)).add(state);
  }

  /**
   * A row as it is now; undefined where its classic buckets hold something that was not told in these, which
   * Prometheus would refuse.
   */
  read(row: number): NativeHistogram | undefined {
    const at = this.#columns.offsetOf(row);
    const { width } = this.#columns;
    const cells = this.#columns.blockOf(row).subarray(at, at + width);
    const sum = cells[width - 1] as number;
    const count = cells.subarray(0, -1).reduce((total, bucket) => total + bucket, 0);
    const series = this.#series[row] ?? this.#blank();
    return series.population === count ? { sum, count, ...this.#shape(series) } : undefined;
  }

  /** A row without observations, for one that is shown as 0. */
  readZero(): NativeHistogram {
    return { sum: 0, count: 0, ...this.#shape(this.#blank()) };
  }

  /** Forgets what a row counted. */
  drop(row: number): void {
    this.#series[row] = undefined;
  }

  #shape(series: NativeSeries): Omit<NativeHistogram, "sum" | "count"> {
    const { schema, zeros, positive, negative } = series;
    return { schema, zeroThreshold: ZERO_THRESHOLD, zeroCount: zeros, positive, negative };
  }

  #admit(row: number): NativeSeries {
    // Rows come in ascending order, so that the array has no holes.
    while (this.#series.length < row) this.#series.push(undefined);
    const series = this.#blank();
    this.#series[row] = series;
    return series;
  }

  #blank(): NativeSeries {
    return new NativeSeries(this.#definition);
  }
}
