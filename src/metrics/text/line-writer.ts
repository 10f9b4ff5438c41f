import type { Exemplar } from "../columns/exemplars.js";
import type { LabelIndex } from "../columns/label-index.js";
import { NUMBER_BYTES, UNIT_BYTES, writeNumber, writeQuoted } from "./bytes.js";
import type { BorrowedText, Chunks } from "./chunks.js";
import type { LineLayout } from "./layout.js";

const NEWLINE = 10;
const NO_MEMORY = Buffer.alloc(0);
// Its labels have at most 128 characters, so that few of them need more than one byte.
const EXEMPLAR_BYTES = 1024;

/** Writes the lines of one family's series, one series after the other, into borrowed memory. */
export class LineWriter {
  readonly #layout: LineLayout;
  readonly #labels: LabelIndex;
  readonly #chunks: Chunks;
  /** Bytes of a series whose label values are empty. */
  readonly #leastBytes: number;
  #bytes: Buffer = NO_MEMORY;
  #at = 0;
  #row = 0;
  /** Where the first line of the series has its label values; the others copy them. */
  #valuesAt = 0;
  #valuesEnd = 0;

  constructor(layout: LineLayout, labels: LabelIndex, chunks: Chunks) {
    this.#layout = layout;
    this.#labels = labels;
    this.#chunks = chunks;
    const between = layout.between.reduce((sum, { length }) => sum + length, 0);
    const bytesOf = (sum: number, { before, after }: LineLayout["lines"][number]): number =>
      sum + before.length + between + after.length + NUMBER_BYTES + 1;
    this.#leastBytes = layout.lines.reduce(bytesOf, 0);
  }

  /** True while nothing is written. */
  get isEmpty(): boolean {
    return this.#at === 0;
  }

  /** Comes before the lines of a series; false where there is no room for them until what is written was taken. */
  begin(row: number, exemplars: number): boolean {
    this.#row = row;
    const bytes = this.#mostBytes(row, exemplars);
    if (this.#at + bytes <= this.#bytes.length) return true;
    if (!this.isEmpty) return false;
    this.#bytes = this.#chunks.take(bytes);
    return true;
  }

  /** Writes a line of the series; they come in order. */
  line(index: number, value: number, exemplar?: Exemplar): void {
    const line = this.#layout.lines[index] as LineLayout["lines"][number];
    this.#copy(line.before);
    if (index === 0) this.#values();
    else this.#valuesAgain();
    this.#copy(line.after);
    this.#at = writeNumber(this.#bytes, this.#at, value);
    if (exemplar !== undefined) this.#at += this.#bytes.write(this.#suffixOf(exemplar), this.#at);
    this.#bytes[this.#at++] = NEWLINE;
  }

  /** What was written since the last time. */
  take(): BorrowedText {
    const text = this.#chunks.lend(this.#bytes, this.#at);
    this.#bytes = NO_MEMORY;
    this.#at = 0;
    return text;
  }

  #mostBytes(row: number, exemplars: number): number {
    let units = 0;
    for (let i = 0; i < this.#labels.names.length; i++) units += this.#labels.textOf(row, i).length;
    return this.#leastBytes + this.#layout.lines.length * units * UNIT_BYTES + exemplars * EXEMPLAR_BYTES;
  }

  #values(): void {
    this.#valuesAt = this.#at;
    for (let i = 0; i < this.#labels.names.length; i++) {
      if (i > 0) this.#copy(this.#layout.between[i - 1] as Buffer);
      this.#at = writeQuoted(this.#bytes, this.#at, this.#labels.textOf(this.#row, i));
    }
    this.#valuesEnd = this.#at;
  }

  #valuesAgain(): void {
    this.#bytes.copyWithin(this.#at, this.#valuesAt, this.#valuesEnd);
    this.#at += this.#valuesEnd - this.#valuesAt;
  }

  #copy(bytes: Buffer): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #suffixOf(exemplar: Exemplar): string {
    return this.#layout.suffixOf?.(exemplar) ?? "";
  }
}
