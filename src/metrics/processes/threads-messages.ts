import type { Definition } from "../families/definition.js";
import type { FamilySamples } from "../families/samples.js";

/** What the instances of one service in the threads of a process say to one another. */
export type ThreadMessage = FromMain | FromThread | ThreadEnded;

/** What the main thread says to all others. */
export type FromMain =
  /** There is a listener, who knows nothing yet. */
  | { readonly kind: "hello" }
  /** Run the collect callbacks and answer. */
  | { readonly kind: "ask"; readonly to: string; readonly question: number };

/** What an instance in another thread says. */
export type FromThread =
  | ({ readonly kind: "family" } & SharedFamily & Sender)
  | ({ readonly kind: "block" } & SharedBlock & Sender)
  | ({ readonly kind: "rows" } & SharedLabels & Sender)
  /** The collect callbacks have run; `foreign` is all that prom-client and third parties record in the thread. */
  | ({
      readonly kind: "answer";
      readonly to: string;
      readonly question: number;
      readonly foreign: readonly FamilySamples[];
    } & Sender)
  /** The thread exits, or its instance was closed. */
  | ({ readonly kind: "gone" } & Sender);

/** Somebody saw a thread end, whatever instances it had. */
export interface ThreadEnded {
  readonly kind: "ended";
  readonly thread: number;
}

/** Who says it. */
export interface Sender {
  /** One instance; no other of the process has the same. */
  readonly from: string;
  readonly thread: number;
}

/** A family whose rows lie in shared memory. */
export interface SharedFamily {
  readonly family: number;
  readonly definition: Definition;
  /** Cells a row. */
  readonly width: number;
  /** Rows a block is `1 << blockBits`. */
  readonly blockBits: number;
}

/** The memory of one block: the cells of its rows as Float64, then the births of the rows as Int32. */
export interface SharedBlock {
  readonly family: number;
  readonly block: number;
  readonly memory: SharedArrayBuffer;
}

/** The labels of rows, which memory cannot hold. */
export interface SharedLabels {
  readonly family: number;
  readonly rows: readonly (readonly [row: number, birth: number, ...texts: string[]])[];
}
