const DEAD = 0;
const LIVE = 1;
const UNSEEN = 2;
const MAX_INT32 = 0x7fffffff;

/** Gives the bytes of one block, all zero: first the cells of its rows, then the births of these as Int32. */
export type Memory = (bytes: number, block: number) => ArrayBuffer | SharedArrayBuffer;

/** The memory of a block. */
interface Piece {
  readonly cells: Float64Array;
  readonly births: Int32Array;
}

/** Memory that only this thread sees. */
const OWN_MEMORY: Memory = (bytes) => new ArrayBuffer(bytes);

/**
 * The numbers of a family, a row a series, in blocks of Float64 that do not move while a row of theirs lives: a handle
 * may keep its block.
 */
export class Columns {
  /** Cells a row. */
  readonly width: number;
  /** Rows a block is `1 << blockBits`. */
  readonly blockBits: number;
  readonly #mask: number;
  readonly #memory: Memory;
  readonly #blocks: Float64Array[] = [];
  readonly #births: Int32Array[] = [];
  readonly #revisions: number[] = [];
  readonly #residents: number[] = [];
  #states = new Uint8Array(16);
  #rows = 0;
  #live = 0;
  #taken = 0;
  /** No row below is free. */
  #firstFree = 0;
  /** Stands in for the memory of the blocks that have no live row. Nobody writes into it. */
  #blank: Piece | undefined;

  constructor(width: number, blockBits: number, memory: Memory = OWN_MEMORY) {
    this.#memory = memory;
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

  /** The row that begins there. */
  rowAt(block: Float64Array, offset: number): number {
    return (this.#blocks.indexOf(block) << this.blockBits) + offset / this.width;
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

  /** Tells the tenants of a row apart: another number for each time it was taken, 0 while it is free. */
  birthOf(row: number): number {
    return (this.#births[row >> this.blockBits] as Int32Array)[row & this.#mask] as number;
  }

  /** Changes whenever a row of the block comes or goes. */
  revisionOf(block: number): number {
    return this.#revisions[block] as number;
  }

  /** A row with all cells zero. */
  take(): number {
    // The lowest one, so that rows gather in the first blocks and the others can be given back.
    const row = this.#live < this.#rows ? this.#states.indexOf(DEAD, this.#firstFree) : this.#append();
    this.#firstFree = row + 1;
    this.#settle(row >> this.blockBits);
    this.#states[row] = UNSEEN;
    this.#taken = (this.#taken + 1) & MAX_INT32;
    this.#note(row, this.#taken || ++this.#taken);
    this.#live++;
    this.#revise(row);
    return row;
  }

  /** Gives a row back and zeroes its cells. */
  release(row: number): void {
    const offset = this.offsetOf(row);
    // First, so that another thread cannot take the zeros for this row's.
    this.#note(row, 0);
    this.blockOf(row).fill(0, offset, offset + this.width);
    this.#states[row] = DEAD;
    this.#firstFree = Math.min(this.#firstFree, row);
    this.#live--;
    this.#revise(row);
    this.#leave(row >> this.blockBits);
  }

  #append(): number {
    const row = this.#rows++;
    if (row >> this.blockBits === this.#blocks.length) this.#addBlock();
    if (row === this.#states.length) {
      const grown = new Uint8Array(row * 2);
      grown.set(this.#states);
      this.#states = grown;
    }
    return row;
  }

  #addBlock(): void {
    this.#residents.push(0);
    this.#revisions.push(0);
    const block = this.#blocks.length;
    this.#furnish(block, this.#allot(block));
  }

  // A block and the births of its rows lie in one piece of memory, which another thread may read.
  #allot(block: number): Piece {
    const cells = this.width << this.blockBits;
    const memory = this.#memory(cells * 8 + 4 * (this.#mask + 1), block);
    return { cells: new Float64Array(memory, 0, cells), births: new Int32Array(memory, cells * 8) };
  }

  #furnish(block: number, { cells, births }: Piece): void {
    this.#blocks[block] = cells;
    this.#births[block] = births;
  }

  #settle(block: number): void {
    const residents = this.#residents[block] as number;
    if (residents === 0 && this.#blocks[block] === this.#blank?.cells)
      this.#furnish(block, this.#allot(block));
    this.#residents[block] = residents + 1;
  }

  // Every handle has let go of a row that was released. What another thread reads stays where it is.
  #leave(block: number): void {
    const residents = (this.#residents[block] as number) - 1;
    this.#residents[block] = residents;
    if (residents > 0 || this.#memory !== OWN_MEMORY) return;
    this.#blank ??= this.#allot(block);
    this.#furnish(block, this.#blank);
  }

  #note(row: number, birth: number): void {
    Atomics.store(this.#births[row >> this.blockBits] as Int32Array, row & this.#mask, birth);
  }

  #revise(row: number): void {
    const block = row >> this.blockBits;
    this.#revisions[block] = (this.#revisions[block] as number) + 1;
  }
}
