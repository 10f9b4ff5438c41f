import { Columns } from "./columns.js";
import type { Definition } from "./definition.js";
import { LabelIndex } from "./label-index.js";
import type { Misuse } from "./misuse.js";

/** Stands in every label of the series into which a family folds what exceeds its cap. */
const OVERFLOW = "__overflow__";

const NO_ROW = -1;

/** What the rows of a family are made from. */
export interface RowsOptions {
  readonly definition: Definition;
  readonly misuse: Misuse;
  /** Cells a row. */
  readonly width: number;
  /** Rows a block is `1 << blockBits`; a family without labels needs but one. */
  readonly blockBits: number;
}

/** The series of one family, a row each: finds them by their labels, makes them up to the cap, forgets them. */
export class Rows {
  readonly definition: Definition;
  readonly misuse: Misuse;
  readonly columns: Columns;
  readonly labels: LabelIndex;
  /** Look-ups that were folded into the overflow series. */
  dropped = 0;
  /** Called before a row is forgotten. */
  onDrop: (row: number) => void = () => undefined;
  #overflowRow = NO_ROW;

  constructor({ definition, misuse, width, blockBits }: RowsOptions) {
    this.definition = definition;
    this.misuse = misuse;
    this.columns = new Columns(width, definition.labelNames.length === 0 ? 0 : blockBits);
    this.labels = new LabelIndex(definition.labelNames, definition.defaults);
  }

  /** The row of labels given by name; a new one when there is none yet. */
  named(labels: object): number {
    const row = this.labels.findNamed(labels);
    if (row >= 0) return row;
    this.#checkNames(labels);
    return this.#resolve(this.labels.valuesOf(labels));
  }

  /** The row of label values by position; a new one when there is none yet. */
  positioned(values: readonly unknown[]): number {
    const row = this.labels.find(values);
    if (row >= 0) return row;
    this.#checkCount(values);
    return this.#resolve(values);
  }

  /** The row of the arguments of `labels()`, in either form. */
  of(given: readonly unknown[]): number {
    return isNamed(given[0]) ? this.named(given[0]) : this.positioned(given);
  }

  /** The same, or -1 where there is none yet. */
  find(given: readonly unknown[]): number {
    const values = isNamed(given[0]) ? this.labels.valuesOf(given[0]) : given;
    return this.labels.find(this.labels.textsOf(values));
  }

  /** Forgets a series. */
  drop(row: number): void {
    this.onDrop(row);
    this.labels.remove(row);
    this.columns.release(row);
    if (row === this.#overflowRow) this.#overflowRow = NO_ROW;
  }

  /** Forgets every series. */
  clear(): void {
    for (let row = 0; row < this.columns.rows; row++) if (this.columns.isLive(row)) this.drop(row);
  }

  isOverflow(row: number): boolean {
    return row === this.#overflowRow;
  }

  // Off the hot path: values that are no strings yet, then new label sets.
  #resolve(values: readonly unknown[]): number {
    const texts = this.labels.textsOf(values);
    const known = this.labels.find(texts);
    const row = known >= 0 ? known : this.#admit(texts);
    if (!this.isOverflow(row)) this.labels.alias(row, values);
    return row;
  }

  #admit(texts: readonly string[]): number {
    const { maxSeries, labelNames } = this.definition;
    const own = this.columns.live - (this.#overflowRow < 0 ? 0 : 1);
    if (own < maxSeries || labelNames.length === 0) return this.#add(texts);
    this.dropped++;
    this.misuse.once("overflow", () => this.#overflowMessage());
    if (this.#overflowRow < 0) this.#overflowRow = this.#overflow();
    return this.#overflowRow;
  }

  #overflow(): number {
    const texts = this.definition.labelNames.map(() => OVERFLOW);
    const known = this.labels.find(texts);
    return known >= 0 ? known : this.#add(texts);
  }

  #add(texts: readonly string[]): number {
    const row = this.columns.take();
    this.labels.insert(row, texts);
    return row;
  }

  #overflowMessage(): string {
    const { label, values } = this.labels.widest();
    const { maxSeries } = this.definition;
    return `found more than ${maxSeries} label sets; further ones are counted under ${OVERFLOW}. Label "${label}" has most values (${values}): bound it, or raise maxSeries.`;
  }

  #checkNames(labels: object): void {
    const unknown = Object.keys(labels).find((name) => !this.labels.names.includes(name));
    if (unknown === undefined) return;
    this.misuse.once(
      "label",
      () => `found label "${unknown}"; expected ${this.#expected()}. It was ignored.`,
    );
  }

  #checkCount(values: readonly unknown[]): void {
    if (values.length <= this.labels.names.length) return;
    this.misuse.once("values", () => `found ${values.length} label values; expected ${this.#expected()}.`);
  }

  #expected(): string {
    const { names } = this.labels;
    return names.length === 0 ? "no labels" : `labels ${names.join(", ")}`;
  }
}

/** True for labels given by name; an array is a label value. */
export function isNamed(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
