import type { Rows } from "../columns/rows.js";
import { BlockWriter, type LineTarget } from "./block-writer.js";
import type { Budget } from "./budget.js";
import type { LineLayout } from "./layout.js";
import { Page } from "./page.js";
import { PlainText } from "./plain-text.js";

/** What is kept of a block between scrapes. */
interface Block {
  readonly page: Page;
  /** The numbers as they were shown last, cell for cell. */
  readonly shown: Float64Array;
  /** Which rows the page shows. */
  readonly revision: number;
  /** Bytes booked for the page. */
  bookedBytes: number;
}

interface BlockTarget {
  readonly target: LineTarget;
  readonly shown: Float64Array;
  readonly index: number;
  readonly isWhole: boolean;
}

// What a number takes on its line, roughly; the page books what it really takes.
const NUMBER_BYTES = 8;

/** What the text of one family is made from. */
export interface FamilyTextOptions {
  readonly rows: Rows;
  readonly layout: LineLayout;
  readonly budget: Budget;
}

/**
 * The text of one family, a page for each block of rows. Only numbers that differ from those shown last are written
 * again; recording need not say what it changed.
 */
export class FamilyText {
  readonly head: string;
  readonly #rows: Rows;
  readonly #layout: LineLayout;
  readonly #budget: Budget;
  readonly #blocks: (Block | undefined)[] = [];
  #isReleased = false;

  constructor({ rows, layout, budget }: FamilyTextOptions) {
    this.head = layout.head;
    this.#rows = rows;
    this.#layout = layout;
    this.#budget = budget;
  }

  /** Blocks to show. */
  get blocks(): number {
    return this.#rows.columns.blocks;
  }

  /** The text of a block with the numbers of now. */
  show(index: number): Page | Buffer | string {
    this.#rows.showing.begin(index);
    const kept = this.#blocks[index];
    if (kept !== undefined && kept.revision === this.#rows.columns.revisionOf(index))
      return this.#patch(kept, index, false);
    this.#forget(index);
    const prefixes = this.#prefixes(index);
    if (prefixes.length === 0) return "";
    if (!this.#hasRoom(prefixes)) return this.#plain(prefixes, index);
    this.#blocks[index] = this.#keep(prefixes, index);
    return this.#patch(this.#blocks[index], index, true);
  }

  /** Lets go of all pages and keeps none from now on. */
  release(): void {
    this.#isReleased = true;
    for (const index of this.#blocks.keys()) this.#forget(index);
  }

  #hasRoom(prefixes: readonly string[]): boolean {
    const bytes = prefixes.reduce((sum, prefix) => sum + prefix.length + NUMBER_BYTES, 0);
    return !this.#isReleased && this.#budget.hasRoom(bytes);
  }

  #keep(prefixes: readonly string[], index: number): Block {
    const { columns } = this.#rows;
    const revision = columns.revisionOf(index);
    return { page: new Page(prefixes), shown: this.#nothingShown(), revision, bookedBytes: 0 };
  }

  #forget(index: number): void {
    const block = this.#blocks[index];
    if (block !== undefined) this.#book(block, 0);
    this.#blocks[index] = undefined;
  }

  #patch(block: Block, index: number, isWhole: boolean): Page | Buffer {
    const { page, shown } = block;
    const suffixes = new Map<number, string>();
    this.#write(index, this.#writer({ target: page, shown, index, isWhole }), suffixes);
    page.finish();
    this.#book(block, page.bytes.length);
    return suffixes.size === 0 ? page : page.withSuffixes(suffixes);
  }

  #plain(prefixes: readonly string[], index: number): string {
    const suffixes = new Map<number, string>();
    const target = new PlainText(prefixes, suffixes);
    const shown = this.#nothingShown();
    this.#write(index, this.#writer({ target, shown, index, isWhole: true }), suffixes);
    return target.text;
  }

  #nothingShown(): Float64Array {
    const { columns } = this.#rows;
    return new Float64Array(columns.width << columns.blockBits).fill(Number.NaN);
  }

  #writer({ target, shown, index, isWhole }: BlockTarget): BlockWriter {
    const { columns, definition } = this.#rows;
    const buckets = definition.type === "histogram" ? definition.bounds.length + 1 : 0;
    const cells = columns.blockOf(index << columns.blockBits);
    return new BlockWriter({ target, shown, buckets, isWhole, cells });
  }

  #book(block: Block, bytes: number): void {
    this.#budget.book(bytes - block.bookedBytes);
    block.bookedBytes = bytes;
  }

  #prefixes(index: number): string[] {
    const { columns, labels } = this.#rows;
    const prefixes: string[] = [];
    for (let row = index << columns.blockBits; row < this.#end(index); row++) {
      if (columns.isLive(row)) prefixes.push(...this.#layout.prefixesOf(labels.textsAt(row)));
    }
    return prefixes;
  }

  #write(index: number, writer: BlockWriter, suffixes: Map<number, string>): void {
    const { columns, showing } = this.#rows;
    const end = this.#end(index);
    const suffix = this.#suffixer(index, suffixes);
    for (let row = index << columns.blockBits; row < end; row++) {
      if (!columns.isLive(row)) continue;
      const at = columns.offsetOf(row);
      if (showing.beginsAtZero(row)) {
        writer.zeroRow(at);
        continue;
      }
      suffix?.(at, writer.line);
      writer.row(at);
    }
  }

  // The first lines of a row show its first cells, one each: only they have exemplars.
  #suffixer(
    index: number,
    suffixes: Map<number, string>,
  ): ((at: number, firstLine: number) => void) | undefined {
    const { columns, exemplars } = this.#rows;
    const { suffixOf } = this.#layout;
    const seen = exemplars.of(columns.blockOf(index << columns.blockBits));
    if (suffixOf === undefined || seen === undefined) return undefined;
    return (at, firstLine) => {
      for (let cell = 0; cell < columns.width; cell++) {
        const exemplar = seen.get(at + cell);
        if (exemplar !== undefined) suffixes.set(firstLine + cell, suffixOf(exemplar));
      }
    };
  }

  #end(index: number): number {
    const { rows, blockBits } = this.#rows.columns;
    return Math.min(rows, (index + 1) << blockBits);
  }
}
