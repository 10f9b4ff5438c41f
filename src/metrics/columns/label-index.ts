import { Dictionary } from "./dictionary.js";
import { OVERFLOW } from "./overflow.js";
import { createReadIds, type ReadIds } from "./read-ids.js";
import { TupleTable } from "./tuple-table.js";

const NO_ROW = -1;

/** Finds the row of a set of label values, by name or by position, and the values of a row. */
export class LabelIndex {
  /** Names as exported. */
  readonly names: readonly string[];
  /** Names that values are given under. */
  readonly keys: readonly string[];
  readonly #dictionaries: readonly Dictionary[];
  readonly #tuples: TupleTable;
  readonly #ids: Int32Array;
  readonly #readIds: ReadIds;

  /**
   * `defaults` holds the text of a missing value by label; the empty string for the others. `keys` are the names that
   * values are given under; the exported ones by default.
   */
  constructor(
    names: readonly string[],
    defaults: Readonly<Record<string, string>>,
    keys: readonly string[] = names,
  ) {
    this.names = names;
    this.keys = keys;
    this.#dictionaries = names.map((name) => new Dictionary(defaults[name] ?? ""));
    this.#tuples = new TupleTable(names.length);
    this.#ids = new Int32Array(names.length);
    this.#readIds = createReadIds(keys, this.#dictionaries);
  }

  /** The row of labels by name, or -1; values that were not seen in this form yet are not found. */
  findNamed(labels: object): number {
    const isKnown = this.#readIds(labels as Record<string, unknown>, this.#ids);
    return isKnown ? this.#tuples.find(this.#ids) : NO_ROW;
  }

  /** The row of label values by position, or -1; values that were not seen in this form yet are not found. */
  find(values: readonly unknown[]): number {
    for (let i = 0; i < this.names.length; i++) {
      const id = this.#dictionary(i).idOf(values[i]);
      if (id === undefined) return NO_ROW;
      this.#ids[i] = id;
    }
    return this.#tuples.find(this.#ids);
  }

  /** The values of the labels in order. */
  valuesOf(labels: object): unknown[] {
    return this.keys.map((key) => (labels as Record<string, unknown>)[key]);
  }

  /** Values as they are exported: missing ones filled in, everything else made a string. */
  textsOf(values: readonly unknown[]): string[] {
    return this.#dictionaries.map((dictionary, i) => dictionary.toText(values[i]));
  }

  /** The exported values of a row. */
  textsAt(row: number): string[] {
    return this.#dictionaries.map((dictionary, i) => dictionary.textOf(this.#tuples.idAt(row, i)));
  }

  /** The exported value of one label of a row. */
  textOf(row: number, index: number): string {
    return this.#dictionary(index).textOf(this.#tuples.idAt(row, index));
  }

  /** Puts texts, which no row has yet, under a row. */
  insert(row: number, texts: readonly string[]): void {
    for (let i = 0; i < texts.length; i++) this.#ids[i] = this.#dictionary(i).retain(texts[i] as string);
    this.#tuples.insert(row, this.#ids);
  }

  /** Lets a row be found by values that are not strings. */
  alias(row: number, values: readonly unknown[]): void {
    for (let i = 0; i < this.names.length; i++)
      this.#dictionary(i).alias(values[i], this.#tuples.idAt(row, i));
  }

  /** Forgets the labels of a row. */
  remove(row: number): void {
    for (let i = 0; i < this.names.length; i++) this.#dictionary(i).release(this.#tuples.idAt(row, i));
    this.#tuples.remove(row);
  }

  /** Distinct values of a label, {@link OVERFLOW} not counted. */
  sizeOf(index: number): number {
    const dictionary = this.#dictionary(index);
    return dictionary.size - (dictionary.idOf(OVERFLOW) === undefined ? 0 : 1);
  }

  /** True where some row has the text in that label. */
  hasText(index: number, text: string): boolean {
    return this.#dictionary(index).idOf(text) !== undefined;
  }

  /** The label with most distinct values, and their number. */
  widest(): { index: number; label: string; values: number } {
    const sizes = this.names.map((_, i) => this.sizeOf(i));
    const values = Math.max(...sizes);
    const index = sizes.indexOf(values);
    return { index, label: this.names[index] as string, values };
  }

  #dictionary(i: number): Dictionary {
    return this.#dictionaries[i] as Dictionary;
  }
}
