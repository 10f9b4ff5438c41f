import type { Memory } from "./columns.js";
import type { Rows } from "./rows.js";

/** Lets another thread read the rows of a family. */
export interface RowsSharing {
  /** Gives the bytes of the family's blocks. */
  readonly memory: Memory;
  /** Told of each new row, before anything is recorded in it. */
  added(row: number, texts: readonly string[]): void;
}

/** Begins to share the rows of a family, which are still being made. */
export type ShareRows = (rows: Rows) => RowsSharing;
