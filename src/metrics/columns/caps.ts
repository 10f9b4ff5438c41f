import type { Definition } from "../families/definition.js";
import type { Misuse } from "../families/misuse.js";
import type { Columns } from "./columns.js";
import type { LabelIndex } from "./label-index.js";
import { OVERFLOW } from "./overflow.js";

const NONE = -1;

/** What caps are kept over. */
export interface CapsParts {
  readonly definition: Definition;
  readonly misuse: Misuse;
  readonly columns: Columns;
  readonly labels: LabelIndex;
}

/**
 * Keeps a family within its caps, and its sums right: what exceeds them is counted under {@link OVERFLOW}, first in the
 * one label that is to blame, in all labels only when that is not enough.
 *
 * With S = `maxSeries` and R = S / 10 rounded up, a family has at most S series whose values are all its own, R more
 * while its cap is reached, and the one whose labels are all {@link OVERFLOW}: S + R + 1 in all.
 */
export class Caps {
  /** Look-ups that were counted under {@link OVERFLOW}. */
  dropped = 0;
  readonly #parts: CapsParts;
  readonly #maxSeries: number;
  readonly #reserve: number;
  /** The rows that are OVERFLOW in some label. */
  readonly #partial = new Set<number>();
  /** The row that is OVERFLOW in every label. */
  #whole = NONE;
  /** The label that gives way for as long as the cap is reached. */
  #givingWay = NONE;

  constructor(parts: CapsParts) {
    this.#parts = parts;
    this.#maxSeries = parts.definition.maxSeries;
    this.#reserve = Math.ceil(this.#maxSeries / 10);
  }

  /** The texts under which a label set that has no row is counted: its own, the same array, or those of a series that takes it in. */
  fit(texts: readonly string[]): readonly string[] {
    const bounded = this.#boundValues(texts);
    const fitting = this.#hasRoom(bounded) ? bounded : this.#giveWay(bounded);
    if (fitting !== texts) this.dropped++;
    return fitting;
  }

  /** Comes when a row was made. */
  enter(row: number, texts: readonly string[]): void {
    if (!texts.includes(OVERFLOW)) return;
    if (isWhole(texts)) this.#whole = row;
    else this.#partial.add(row);
  }

  /** Comes when a row is dropped. */
  leave(row: number): void {
    this.#partial.delete(row);
    if (row === this.#whole) this.#whole = NONE;
  }

  /**
   * True for rows that do not expire, because what they hold is of many label sets. Those that are OVERFLOW in some
   * labels only do once they are more than the reserve: kept for good, they could fill the family.
   */
  keeps(row: number): boolean {
    return row === this.#whole || (this.#partial.size <= this.#reserve && this.#partial.has(row));
  }

  #boundValues(texts: readonly string[]): readonly string[] {
    const { labels, definition } = this.#parts;
    let bounded = texts;
    for (let i = 0; i < texts.length; i++) {
      if (labels.sizeOf(i) < (definition.maxValues[i] as number)) continue;
      if (labels.hasText(i, texts[i] as string)) continue;
      bounded = withOverflow(bounded, i);
      this.#tellOfValues(i);
    }
    return bounded;
  }

  #hasRoom(texts: readonly string[]): boolean {
    const own = this.#rows - this.#partial.size;
    if (own < this.#maxSeries) this.#givingWay = NONE;
    if (this.#rows >= this.#maxSeries + this.#reserve) return this.#isKnown(texts);
    return own < this.#maxSeries || texts.includes(OVERFLOW);
  }

  // Half of the reserve is for new sets of known values, such as the first 503 of a known route. The rest is kept for
  // series that take in many, or the known ones would leave those nothing.
  #giveWay(texts: readonly string[]): readonly string[] {
    this.#tellOfSeries();
    if (this.#givingWay === NONE) this.#givingWay = this.#parts.labels.widest().index;
    const label = this.#givingWay;
    const isKnown = this.#parts.labels.hasText(label, texts[label] as string);
    if (isKnown && this.#rows < this.#maxSeries + (this.#reserve >> 1)) return texts;
    const folded = withOverflow(texts, label);
    return this.#hasRoom(folded) ? folded : texts.map(() => OVERFLOW);
  }

  get #rows(): number {
    return this.#parts.columns.live - (this.#whole === NONE ? 0 : 1);
  }

  #isKnown(texts: readonly string[]): boolean {
    return this.#parts.labels.find(texts) >= 0;
  }

  #tellOfValues(index: number): void {
    const { labelNames, maxValues } = this.#parts.definition;
    const label = labelNames[index];
    this.#parts.misuse.once(
      "overflow",
      () =>
        `found more than ${maxValues[index]} values of label "${label}"; further ones are counted under ${OVERFLOW} in that label. Bound them where they are made, or raise maxValues.`,
    );
  }

  #tellOfSeries(): void {
    this.#parts.misuse.once("overflow", () => {
      const { label, values } = this.#parts.labels.widest();
      return `found more than ${this.#maxSeries} label sets; further ones are counted under ${OVERFLOW}. Label "${label}" has most values (${values}): bound it, or raise maxSeries.`;
    });
  }
}

function isWhole(texts: readonly string[]): boolean {
  return texts.every((text) => text === OVERFLOW);
}

function withOverflow(texts: readonly string[], index: number): readonly string[] {
  if (texts[index] === OVERFLOW) return texts;
  const folded = texts.slice();
  folded[index] = OVERFLOW;
  return folded;
}
