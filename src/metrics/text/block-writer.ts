/** Where lines go: a page, or text made anew. */
export interface LineTarget {
  /** Writes the number of a line. */
  write(line: number, value: number): void;
}

/** What one pass over a block works with. */
export interface BlockPass {
  readonly target: LineTarget;
  readonly cells: Float64Array;
  /** The numbers as they were shown last, cell for cell; NaN where none was. */
  readonly shown: Float64Array;
  /** Buckets a row, +Inf included; 0 where a row is one number. */
  readonly buckets: number;
  /** Writes every line, changed or not. */
  readonly isWhole: boolean;
}

/** Writes the rows of a block one after the other, as far as they differ from what was shown last. */
export class BlockWriter {
  readonly #target: LineTarget;
  readonly #cells: Float64Array;
  readonly #shown: Float64Array;
  readonly #buckets: number;
  readonly #isWhole: boolean;
  #line = 0;

  constructor({ target, cells, shown, buckets, isWhole }: BlockPass) {
    this.#target = target;
    this.#cells = cells;
    this.#shown = shown;
    this.#buckets = buckets;
    this.#isWhole = isWhole;
  }

  /** The next line. */
  get line(): number {
    return this.#line;
  }

  /** Writes the row whose cells begin at `at`. */
  row(at: number): void {
    if (this.#buckets === 0) this.#number(at);
    else this.#histogram(at);
  }

  /** Writes the row as 0, whatever it holds; its own numbers come the next time. */
  zeroRow(at: number): void {
    const cells = this.#buckets === 0 ? 1 : this.#buckets + 1;
    this.#shown.fill(Number.NaN, at, at + cells);
    const lines = this.#buckets === 0 ? 1 : this.#buckets + 2;
    for (let i = 0; i < lines; i++) this.#target.write(this.#line++, 0);
  }

  #number(at: number): void {
    const value = this.#cells[at] as number;
    if (value !== this.#shown[at] || this.#isWhole) this.#target.write(this.#line, value);
    this.#shown[at] = value;
    this.#line++;
  }

  // Buckets are stored one by one and shown cumulative; then come the sum and the count.
  #histogram(at: number): void {
    let count = 0;
    let shownCount = 0;
    const sumAt = at + this.#buckets;
    for (let bucket = at; bucket < sumAt; bucket++) {
      const value = this.#cells[bucket] as number;
      count += value;
      shownCount += this.#shown[bucket] as number;
      this.#shown[bucket] = value;
      this.#count(count, shownCount);
    }
    this.#number(sumAt);
    this.#count(count, shownCount);
  }

  #count(count: number, shownCount: number): void {
    if (count !== shownCount || this.#isWhole) this.#target.write(this.#line, count);
    this.#line++;
  }
}
