import type { Registry } from "prom-client";
import type { Beside } from "../clients/adoptions.js";
import type { Exemplar } from "../columns/exemplars.js";
import type { NativeState } from "../columns/native-state.js";
import type { Declaration } from "../families/declaration.js";
import type { Definition } from "../families/definition.js";
import type { FamilySamples } from "../families/samples.js";

/** Families that can be exposed: those of one instance, or those of many added up. */
export interface View {
  readonly registry: Registry;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  /** Metrics of adopted registries, which are told of as well. Default: none. */
  readonly beside?: Beside;
}

/** What a process or thread tells of its families: everything at first, then what changed. Can be structured-cloned. */
export interface Update {
  /** The form of this message; a listener of another version leaves it out. */
  readonly version: typeof UPDATE_VERSION;
  /** True when everything is told, so that what is missing is gone. */
  readonly isWhole: boolean;
  readonly families: readonly FamilyUpdate[];
  /** The numbers of families that the source no longer has. */
  readonly gone: readonly number[];
  /** Metrics that prom-client or a third party records, as their `get()` answers; always all of them. */
  readonly foreign: readonly FamilySamples[];
}

/** The form of updates that this version writes and reads. */
export const UPDATE_VERSION = 2;

/** What changed in one family. */
export interface FamilyUpdate {
  /** The number under which the source tells of the family. */
  readonly id: number;
  /** Told once. */
  readonly definition?: Definition;
  /** Cells a row. */
  readonly width: number;
  /** Rows that are forgotten; they come before those that are new, which may have their numbers. */
  readonly gone: readonly number[];
  readonly born: readonly BornRow[];
  readonly blocks: readonly RowNumbers[];
  /** The new ones. Default: none. */
  readonly exemplars?: readonly ToldExemplar[];
  /** The exponential buckets of rows that changed, whole. Default: none. */
  readonly natives?: readonly ToldNative[];
}

/** The exponential buckets of a row. */
export interface ToldNative {
  readonly row: number;
  readonly state: NativeState;
}

/** The latest exemplar of one cell of a row. */
export interface ToldExemplar {
  readonly row: number;
  /** Its place in the row. */
  readonly cell: number;
  readonly exemplar: Exemplar;
}

/** A new row: its number, whether nobody was told of it before, and the texts of its labels. */
export type BornRow = readonly [row: number, isFresh: boolean, ...texts: string[]];

/** The cells of some rows that follow one another. Rows that are not in use are among them, and mean nothing. */
export interface RowNumbers {
  readonly firstRow: number;
  readonly cells: Float64Array;
}

/** Tells what changed in a view since it was last asked. */
export interface Journal {
  /** Runs the collect callbacks and gathers what is new. Updates are applied in the order in which they were given out. Never rejects. */
  next(): Promise<Update>;
  /** What is new without running the callbacks, at once: metrics of others are told as they were read last. Never throws. */
  now(): Update;
  /** Lets the next update tell everything again, for a listener who knows nothing. */
  restart(): void;
}

/** Adds up the views of many processes or threads. */
export interface Fleet {
  /** The sum, to be exposed. */
  readonly view: View;
  /** Takes over what a source told. The first update of a source must be a whole one. Never throws. */
  apply(source: string, update: Update): void;
  /**
   * The source is gone: its counters and histograms stay in the sum, its gauges leave it, and so does what joins by any
   * other aggregator than `sum`.
   */
  retire(source: string): void;
  /** What the retired ones left, as a whole update; a fleet that takes the work over applies and retires it. */
  legacy(): Update;
}
