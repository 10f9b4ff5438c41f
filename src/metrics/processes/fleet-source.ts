import type { NativeState } from "../columns/native-state.js";

/** Stands in the mapping where a source has no row. */
export const NO_ROW = -1;
/** Stands in the mapping where the fleet forgot the row that the source still has. */
export const LOST = -2;

// More series than any family can hold in memory; a row beyond is no row but a broken message.
const MAX_ROWS = 1 << 22;

/** The exponential buckets of one row of a source. */
export interface ToldNatives {
  /** As told last. */
  readonly now: NativeState;
  /** As they were when the fleet forgot the row: that much is not in the fleet's. */
  readonly base: NativeState | undefined;
}

/** The rows of one family as one source told of them. */
export class SourceRows {
  readonly width: number;
  /** The fleet's row of each row. */
  targets: Int32Array = new Int32Array(0);
  /** The cells as told last. */
  told: Float64Array = new Float64Array(0);
  /** The labels of rows that the fleet forgot. */
  readonly lost: Map<number, readonly string[]> = new Map();
  /** What a row held when the fleet forgot it: that much of its cells is not in the fleet's. */
  readonly base: Map<number, Float64Array> = new Map();
  /** The exponential buckets of rows. */
  readonly natives: Map<number, ToldNatives> = new Map();
  /** Where in a told row the fleet's labels stand. */
  readonly order: readonly number[];

  constructor(width: number, order: readonly number[]) {
    this.width = width;
    this.order = order;
  }

  /** Makes room for a row. Throws when there cannot be such a row. */
  reserve(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= MAX_ROWS) throw new RangeError(`found row ${row}`);
    if (row < this.targets.length) return;
    const rows = Math.max(16, row + 1, this.targets.length * 2);
    const targets = new Int32Array(rows).fill(NO_ROW);
    targets.set(this.targets);
    const told = new Float64Array(rows * this.width);
    told.set(this.told);
    this.targets = targets;
    this.told = told;
  }

  /** The cells of a row as told last. */
  toldOf(row: number): Float64Array {
    return this.told.subarray(row * this.width, (row + 1) * this.width);
  }

  /** Lets go of what is known of a row; answers the fleet's row. */
  forget(row: number): number {
    const target = this.targets[row] ?? NO_ROW;
    if (target === NO_ROW) return NO_ROW;
    this.targets[row] = NO_ROW;
    this.toldOf(row).fill(0);
    this.lost.delete(row);
    this.base.delete(row);
    this.natives.delete(row);
    return target;
  }

  /** Hands what is known of a row over to the row of the source's successor. */
  bequeath(row: number, heir: SourceRows, heirsRow: number): void {
    heir.toldOf(heirsRow).set(this.toldOf(row));
    const base = this.base.get(row);
    if (base !== undefined) heir.base.set(heirsRow, base);
    const natives = this.natives.get(row);
    if (natives !== undefined) heir.natives.set(heirsRow, natives);
    const texts = this.lost.get(row);
    if (texts !== undefined) heir.lost.set(heirsRow, texts);
    heir.targets[heirsRow] = this.targets[row] as number;
    this.forget(row);
  }

  /** The fleet forgot one of its rows: what was told so far of those that stand in it counts no more. */
  lose(target: number, texts: readonly string[]): void {
    for (let row = this.targets.indexOf(target); row >= 0; row = this.targets.indexOf(target, row + 1)) {
      this.targets[row] = LOST;
      this.lost.set(row, texts);
      this.base.set(row, this.toldOf(row).slice());
      const natives = this.natives.get(row);
      if (natives !== undefined) this.natives.set(row, { now: natives.now, base: natives.now });
    }
  }
}
