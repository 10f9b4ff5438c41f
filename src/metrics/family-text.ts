import { BlockWriter, type LineTarget } from "./block-writer.js";
import type { Budget } from "./budget.js";
import { IdleClock } from "./idle-clock.js";
import type { LineLayout } from "./line-layout.js";
import { Page } from "./page.js";
import { PlainText } from "./plain-text.js";
import type { Rows } from "./rows.js";

/** What is kept of a block between scrapes. */
interface Block {
  /** The numbers as they were shown last, cell for cell. */
  readonly shown: Float64Array;
  page: Page | undefined;
  /** Bytes booked for the page. */
  bookedBytes: number;
  /** Which rows the page shows. */
  revision: number;
}

interface BlockTarget {
  readonly target: LineTarget;
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
  readonly #blocks: Block[] = [];
  readonly #idle: IdleClock | undefined;
  readonly #isZeroFirst: boolean;
  #isReleased = false;

  constructor({ rows, layout, budget }: FamilyTextOptions) {
    const { type, ttlMs, labelNames } = rows.definition;
    this.head = layout.head;
    this.#rows = rows;
    this.#layout = layout;
    this.#budget = budget;
    this.#idle = ttlMs > 0 && labelNames.length > 0 ? new IdleClock(rows) : undefined;
    this.#isZeroFirst = this.#idle !== undefined && type !== "gauge";
  }

  /** Blocks to show. */
  get blocks(): number {
    return this.#rows.columns.blocks;
  }

  /** The text of a block with the numbers of now. A series that has been idle for too long is in it for the last time. */
  show(index: number, nowMs: number): Page | string {
    const block = this.#blockAt(index);
    const revision = this.#rows.columns.revisionOf(index);
    const isCurrent = block.page !== undefined && block.revision === revision;
    if (!isCurrent) this.#rebuild(block, index);
    block.revision = revision;
    const target = block.page ?? new PlainText(this.#prefixes(index));
    this.#write(index, this.#writer(block, { target, index, isWhole: !isCurrent }), nowMs);
    if (target instanceof PlainText) return target.text;
    target.finish();
    this.#book(block, target.bytes.length);
    return target;
  }

  /** Lets go of all pages and keeps none from now on. */
  release(): void {
    this.#isReleased = true;
    for (const block of this.#blocks) {
      block.page = undefined;
      this.#book(block, 0);
    }
  }

  #blockAt(index: number): Block {
    const { columns } = this.#rows;
    const shown = (): Float64Array => new Float64Array(columns.width << columns.blockBits).fill(Number.NaN);
    this.#blocks[index] ??= { shown: shown(), page: undefined, bookedBytes: 0, revision: 0 };
    return this.#blocks[index];
  }

  #writer({ shown }: Block, { target, index, isWhole }: BlockTarget): BlockWriter {
    const { columns, definition } = this.#rows;
    const buckets = definition.type === "histogram" ? definition.bounds.length + 1 : 0;
    return new BlockWriter({
      target,
      shown,
      buckets,
      isWhole,
      cells: columns.blockOf(index << columns.blockBits),
    });
  }

  #rebuild(block: Block, index: number): void {
    block.page = undefined;
    this.#book(block, 0);
    const prefixes = this.#prefixes(index);
    const bytes = prefixes.reduce((sum, prefix) => sum + prefix.length + NUMBER_BYTES, 0);
    if (!this.#isReleased && this.#budget.hasRoom(bytes)) block.page = new Page(prefixes);
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

  #write(index: number, writer: BlockWriter, nowMs: number): void {
    const { columns } = this.#rows;
    for (let row = index << columns.blockBits; row < this.#end(index); row++) {
      if (!columns.isLive(row)) continue;
      const isFirst = columns.isUnseen(row);
      columns.markSeen(row);
      const hasChanged = this.#writeRow(writer, columns.offsetOf(row), isFirst);
      // In the same turn as the comparison, so that no record can be lost in between.
      if (this.#idle?.isIdle(row, hasChanged || isFirst, nowMs) === true) this.#rows.drop(row);
    }
  }

  #writeRow(writer: BlockWriter, at: number, isFirst: boolean): boolean {
    if (!isFirst || !this.#isZeroFirst) return writer.row(at);
    writer.zeroRow(at);
    return true;
  }

  #end(index: number): number {
    const { rows, blockBits } = this.#rows.columns;
    return Math.min(rows, (index + 1) << blockBits);
  }
}
