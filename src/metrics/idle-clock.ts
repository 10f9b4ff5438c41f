import { TOUCH } from "./gauge.js";
import type { Rows } from "./rows.js";

/** Tells which series of a family have been idle for longer than its time to live. */
export class IdleClock {
  readonly #rows: Rows;
  readonly #isGauge: boolean;
  #usedAtMs = new Float64Array(16);

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#isGauge = rows.definition.type === "gauge";
  }

  /** Notes one scrape of a row, which shows it changed or for the first time, or not; true when it has been idle for too long. */
  isIdle(row: number, isFresh: boolean, nowMs: number): boolean {
    const wasUsed = this.#isGauge ? this.#takeTouch(row) || isFresh : isFresh;
    if (wasUsed) {
      this.#note(row, nowMs);
      return false;
    }
    return (
      !this.#rows.isOverflow(row) && nowMs - (this.#usedAtMs[row] as number) > this.#rows.definition.ttlMs
    );
  }

  // Setting a gauge to the value it has is a use, which no comparison shows. And a gauge that was counted up must stay
  // until it was counted down: it would come back below zero.
  #takeTouch(row: number): boolean {
    const { columns } = this.#rows;
    const block = columns.blockOf(row);
    const at = columns.offsetOf(row);
    const touch = block[at + 1];
    if (touch === TOUCH.counted || touch === TOUCH.countedBefore) {
      block[at + 1] = TOUCH.countedBefore;
      return touch === TOUCH.counted || block[at] !== 0;
    }
    block[at + 1] = TOUCH.none;
    return touch === TOUCH.set;
  }

  #note(row: number, nowMs: number): void {
    if (row >= this.#usedAtMs.length) {
      const grown = new Float64Array((row + 1) * 2);
      grown.set(this.#usedAtMs);
      this.#usedAtMs = grown;
    }
    this.#usedAtMs[row] = nowMs;
  }
}
