import type { Rows } from "./rows.js";
import { TOUCH } from "./touch.js";

/**
 * Tells which series of a family have been idle for longer than its time to live: those whose number of records is what
 * it was when they were last shown. Records need not note when they come.
 */
export class IdleClock {
  readonly #rows: Rows;
  readonly #isGauge: boolean;
  /** Cells that change with every record: the value, or the buckets of a histogram. */
  readonly #cells: number;
  #usedAtMs = new Float64Array(0);
  #sums = new Float64Array(0);

  constructor(rows: Rows) {
    const { type } = rows.definition;
    this.#rows = rows;
    this.#isGauge = type === "gauge";
    this.#cells = type === "histogram" ? rows.columns.width - 1 : 1;
  }

  /** Comes before a row is shown; true when it has been idle for too long and was shown as it is. */
  isIdle(row: number, nowMs: number): boolean {
    if (row >= this.#sums.length) this.#reserve(row);
    if (this.#takeUse(row)) {
      this.#usedAtMs[row] = nowMs;
      return false;
    }
    return !this.#rows.isKept(row) && nowMs - (this.#usedAtMs[row] as number) > this.#rows.definition.ttlMs;
  }

  /** Takes the row for used when it is next asked for. */
  forget(row: number): void {
    if (row < this.#sums.length) this.#sums[row] = Number.NaN;
  }

  #takeUse(row: number): boolean {
    const sum = this.#sumOf(row);
    const hasChanged = sum !== this.#sums[row];
    this.#sums[row] = sum;
    return (this.#isGauge && this.#takeTouch(row)) || hasChanged;
  }

  // Every observation adds 1 to some bucket, so that the sum of a histogram's observations is no help but its count is.
  #sumOf(row: number): number {
    const { columns } = this.#rows;
    const block = columns.blockOf(row);
    const start = columns.offsetOf(row);
    let sum = 0;
    for (let at = start; at < start + this.#cells; at++) sum += block[at] as number;
    return sum;
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

  #reserve(row: number): void {
    this.#usedAtMs = grown(this.#usedAtMs, row);
    this.#sums = grown(this.#sums, row);
  }
}

// NaN equals no sum: a row that was never asked for counts as used.
function grown(numbers: Float64Array<ArrayBuffer>, row: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(16, row * 2)).fill(Number.NaN);
  longer.set(numbers);
  return longer;
}
