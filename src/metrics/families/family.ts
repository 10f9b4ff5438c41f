import type { KeptExemplars } from "../columns/exemplars.js";
import type { Cell, Handles } from "../columns/handles.js";
import type { Rows } from "../columns/rows.js";
import type { ShareRows } from "../columns/sharing.js";
import type { Aggregator, Definition, FamilyType } from "./definition.js";
import type { Misuse } from "./misuse.js";
import { type FamilySamples, samplesOf } from "./samples.js";

/** What a family is made from. */
export interface FamilyParts {
  readonly definition: Definition;
  readonly misuse: Misuse;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly exemplars?: KeptExemplars | undefined;
  /** Runs the collect callbacks; never rejects. */
  readonly collect: () => Promise<void>;
  /** Lets another thread read the rows. Default: they are this thread's alone. */
  readonly share?: ShareRows | undefined;
}

/** A family that was made: the rows that the exposition reads, the face that records. */
export interface Made {
  readonly rows: Rows;
  readonly face: Face<unknown>;
}

/** What every face has, whatever it records: ours to users, and what prom-client calls on a registered metric. */
export interface Face<H> {
  name: string;
  readonly help: string;
  readonly type: FamilyType;
  readonly labelNames: readonly string[];
  readonly aggregator: Aggregator;
  labels(...values: unknown[]): H;
  remove(...values: unknown[]): void;
  reset(): void;
  collect(): Promise<void>;
  get(): Promise<FamilySamples>;
  getForPromString(): Promise<FamilySamples>;
}

/** Joins what a family records with what prom-client calls, so that `merge`, aggregation and JSON go on working with ours. */
export function createFace<C extends Cell, R extends object>(
  handles: Handles<C>,
  collect: () => Promise<void>,
  recording: R,
): R & Face<C> {
  const { rows } = handles;
  const { name, help, type, labelNames, aggregator } = rows.definition;
  let nameOfNextRead: string | undefined;

  async function read(isShared: boolean): Promise<FamilySamples> {
    const readAs = nameOfNextRead ?? name;
    nameOfNextRead = undefined;
    await collect();
    return samplesOf(rows, readAs, isShared);
  }

  return {
    ...recording,
    get name() {
      return name;
    },
    // prom-client renames counters for OpenMetrics just before it reads them, in the same turn. The new name holds for
    // that one read, so that the family itself keeps its own.
    set name(renamed: string) {
      nameOfNextRead = renamed;
    },
    help,
    type,
    labelNames,
    aggregator,
    labels: (...values) => handles.at(rows.of(values)),
    remove(...values) {
      const row = rows.find(values);
      if (row >= 0) rows.drop(row);
    },
    reset() {
      rows.clear();
      if (labelNames.length === 0) rows.positioned([]);
    },
    collect,
    get: () => read(false),
    getForPromString: () => read(true),
  };
}
