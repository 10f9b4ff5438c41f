import { IdleClock } from "./idle-clock.js";
import type { Rows } from "./rows.js";

/**
 * What a family's rows look like to whoever shows them: text, any other format, an update for another process.
 * All of them ask here, so that a series expires and begins at 0 in the same way whatever it is read in.
 *
 * @example
 * rows.showing.begin(block); // in the same turn as what follows
 * for (const row of rowsOf(block)) show(row, rows.showing.beginsAtZero(row) ? zeros : cells);
 */
export class Showing {
  readonly #rows: Rows;
  readonly #now: () => number;
  readonly #idle: IdleClock | undefined;
  readonly #isZeroFirst: boolean;

  constructor(rows: Rows, now: () => number) {
    const { type, ttlMs, labelNames } = rows.definition;
    this.#rows = rows;
    this.#now = now;
    this.#idle = ttlMs > 0 && labelNames.length > 0 ? new IdleClock(rows) : undefined;
    this.#isZeroFirst = this.#idle !== undefined && type !== "gauge";
  }

  /**
   * Comes before a block is shown, and in the same turn, so that no record can be lost in between: forgets its rows
   * that have been idle for too long. They were shown as they are before.
   */
  begin(block: number): void {
    const idle = this.#idle;
    if (idle === undefined) return;
    const { columns } = this.#rows;
    const nowMs = this.#now();
    const end = Math.min(columns.rows, (block + 1) << columns.blockBits);
    for (let row = block << columns.blockBits; row < end; row++) {
      if (columns.isLive(row) && idle.isIdle(row, nowMs)) this.#rows.drop(row);
    }
  }

  /**
   * True where a row is to be shown as 0, whatever it holds: the first time that a counter or histogram with a time to
   * live is shown, because `increase()` sees no step from nothing to a number. Asked once for each row that is shown;
   * the next time its numbers come.
   */
  beginsAtZero(row: number): boolean {
    const { columns } = this.#rows;
    if (!columns.isUnseen(row)) return false;
    columns.markSeen(row);
    if (!this.#isZeroFirst) return false;
    this.#idle?.forget(row);
    return true;
  }

  /** Comes when a row is dropped. */
  forget(row: number): void {
    this.#idle?.forget(row);
  }
}
