const DEAD = 0;
const LIVE = 1;
const UNSEEN = 2;

/**
 * The numbers of a family, a row a series, in blocks of Float64 that never move: a handle may keep its block. A
 * block is also what one page of text shows.
 */
export class Columns {
  /** Cells a row. */
  readonly width: number;
  /** Rows a block is `1 << blockBits`. */
  readonly blockBits: number;
  readonly #mask: number;
  readonly #blocks: Float64Array[] = [];
  readonly #revisions: number[] = [];
  readonly #free: number[] = [];
  #states = new Uint8Array(16);
  #rows = 0;
  #live = 0;

  constructor(width: number, blockBits: number) {
    this.width = width;
    this.blockBits = blockBits;
    this.#mask = (1 << blockBits) - 1;
  }

  /** Rows ever used; every live row is below. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows in use. */
  get live(): number {
    return this.#live;
  }

  /** Blocks that hold the rows. */
  get blocks(): number {
    return this.#blocks.length;
  }

  /** The block that holds a row. */
  blockOf(row: number): Float64Array {
    return this.#blocks[row >> this.blockBits] as Float64Array;
  }

  /** Where the row begins in its block. */
  offsetOf(row: number): number {
    return (row & this.#mask) * this.width;
  }

  isLive(row: number): boolean {
    return this.#states[row] !== DEAD;
  }

  /** True until {@link markSeen}: no exposition has shown this row. */
  isUnseen(row: number): boolean {
    return this.#states[row] === UNSEEN;
  }

  markSeen(row: number): void {
    this.#states[row] = LIVE;
  }

  /** Changes whenever a row of the block comes or goes. */
  revisionOf(block: number): number {
    return this.#revisions[block] as number;
  }

  /** A row with all cells zero. */
  take(): number {
    const row = this.#free.pop() ?? this.#append();
    this.#states[row] = UNSEEN;
    this.#live++;
    this.#revise(row);
    return row;
  }

  /** Gives a row back and zeroes its cells. */
  release(row: number): void {
    const offset = this.offsetOf(row);
    this.blockOf(row).fill(0, offset, offset + this.width);
    this.#states[row] = DEAD;
    this.#free.push(row);
    this.#live--;
    this.#revise(row);
  }

  #append(): number {
    const row = this.#rows++;
    if (row >> this.blockBits === this.#blocks.length) {
      this.#blocks.push(new Float64Array(this.width << this.blockBits));
      this.#revisions.push(0);
    }
    if (row === this.#states.length) {
      const grown = new Uint8Array(row * 2);
      grown.set(this.#states);
      this.#states = grown;
    }
    return row;
  }

  #revise(row: number): void {
    const block = row >> this.blockBits;
    this.#revisions[block] = (this.#revisions[block] as number) + 1;
  }
}
