import type { Exemplar } from "../columns/exemplars.js";
import type { Rows } from "../columns/rows.js";
import type { BorrowedText, Chunks } from "./chunks.js";
import type { LineLayout } from "./layout.js";
import { LineWriter } from "./line-writer.js";

type Exemplars = ReadonlyMap<number, Exemplar>;

/** The text of one family, made anew for each scrape: nothing is kept of it but what is the same for all series. */
export class FamilyText {
  readonly #rows: Rows;
  readonly #layout: LineLayout;
  readonly #chunks: Chunks;
  /** Buckets of a series, the one of +Inf included; 0 where it is one number. */
  readonly #buckets: number;

  constructor(rows: Rows, layout: LineLayout, chunks: Chunks) {
    const { type, bounds } = rows.definition;
    this.#rows = rows;
    this.#layout = layout;
    this.#chunks = chunks;
    this.#buckets = type === "histogram" ? bounds.length + 1 : 0;
  }

  /** The lines with the numbers of the moment that each piece is asked for. */
  *pieces(): Generator<string | BorrowedText, void> {
    yield this.#layout.head;
    const { columns, labels, showing } = this.#rows;
    const writer = new LineWriter(this.#layout, labels, this.#chunks);
    for (let block = 0; block < columns.blocks; block++) {
      showing.begin(block);
      const end = Math.min(columns.rows, (block + 1) << columns.blockBits);
      for (let row = block << columns.blockBits; row < end; row++) {
        if (columns.isLive(row) && !this.#write(writer, row)) {
          yield writer.take();
          // It may have gone while the piece was read.
          if (columns.isLive(row)) this.#write(writer, row);
        }
      }
    }
    if (!writer.isEmpty) yield writer.take();
  }

  #write(writer: LineWriter, row: number): boolean {
    if (!writer.begin(row, this.#exemplarsOf(row))) return false;
    if (this.#rows.showing.beginsAtZero(row)) this.#zeros(writer);
    else if (this.#buckets === 0) this.#number(writer, row);
    else this.#histogram(writer, row);
    return true;
  }

  // Its own numbers come the next time.
  #zeros(writer: LineWriter): void {
    for (let line = 0; line < this.#layout.lines.length; line++) writer.line(line, 0);
  }

  #number(writer: LineWriter, row: number): void {
    const { columns } = this.#rows;
    const at = columns.offsetOf(row);
    writer.line(0, columns.blockOf(row)[at] as number, this.#seen(row)?.get(at));
  }

  // Buckets are stored one by one and shown cumulative; then come the sum and the count.
  #histogram(writer: LineWriter, row: number): void {
    const { columns } = this.#rows;
    const cells = columns.blockOf(row);
    const at = columns.offsetOf(row);
    const buckets = this.#buckets;
    const seen = this.#seen(row);
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      count += cells[at + bucket] as number;
      writer.line(bucket, count, seen?.get(at + bucket));
    }
    writer.line(buckets, cells[at + buckets] as number);
    writer.line(buckets + 1, count);
  }

  #seen(row: number): Exemplars | undefined {
    const { columns, exemplars } = this.#rows;
    return this.#layout.suffixOf === undefined ? undefined : exemplars.of(columns.blockOf(row));
  }

  // At most: those of its block, and no more than it has cells.
  #exemplarsOf(row: number): number {
    return Math.min(this.#seen(row)?.size ?? 0, this.#rows.columns.width);
  }
}
