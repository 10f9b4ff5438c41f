import type { SourceRows } from "./fleet-source.js";

/** Numbers of one row of a source. */
export interface RowOfSource {
  readonly source: SourceRows;
  readonly row: number;
  /** The fleet's row. */
  readonly target: number;
}

/** How the numbers of the sources become those of the fleet. */
export interface Joining {
  /** Takes the cells that a source tells of one of its rows; they begin at `at`. */
  take(of: RowOfSource, cells: Float64Array, at: number): void;
  /** The source, or its row, is gone. Comes before its numbers are let go. */
  leave(of: RowOfSource): void;
  /** True when what a source counted stays when the source is gone. */
  readonly stays: boolean;
  /** The fleet's row is forgotten. */
  drop(target: number): void;
  /** Makes the numbers current; comes before they are read. */
  settle(sources: Iterable<SourceRows>): void;
}
