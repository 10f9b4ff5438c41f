import { Dictionary } from "./dictionary.js";
import { TupleTable } from "./tuple-table.js";

const NO_ROW = -1;

/** Finds the row of a set of label values, by name or by position, and the values of a row. */
export class LabelIndex {
  readonly names: readonly string[];
  readonly #dictionaries: readonly Dictionary[];
  readonly #tuples: TupleTable;
  readonly #ids: Int32Array;

  /** `defaults` holds the text of a missing value by label; the empty string for the others. */
  constructor(names: readonly string[], defaults: Readonly<Record<string, string>>) {
    this.names = names;
    this.#dictionaries = names.map((name) => new Dictionary(defaults[name] ?? ""));
    this.#tuples = new TupleTable(names.length);
    this.#ids = new Int32Array(names.length);
  }

  /** The row of labels by name, or -1; values that were not seen in this form yet are not found. */
  findNamed(labels: object): number {
    const { names } = this;
    for (let i = 0; i < names.length; i++) {
      const id = this.#dictionary(i).idOf((labels as Record<string, unknown>)[names[i] as string]);
      if (id === undefined) return NO_ROW;
      this.#ids[i] = id;
    }
    return this.#tuples.find(this.#ids);
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
    return this.names.map((name) => (labels as Record<string, unknown>)[name]);
  }

  /** Values as they are exported: missing ones filled in, everything else made a string. */
  textsOf(values: readonly unknown[]): string[] {
    return this.#dictionaries.map((dictionary, i) => dictionary.toText(values[i]));
  }

  /** The exported values of a row. */
  textsAt(row: number): string[] {
    return this.#dictionaries.map((dictionary, i) => dictionary.textOf(this.#tuples.idAt(row, i)));
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

  /** The label with most distinct values, and their number. */
  widest(): { label: string; values: number } {
    const sizes = this.#dictionaries.map(({ size }) => size);
    const values = Math.max(...sizes);
    return { label: this.names[sizes.indexOf(values)] as string, values };
  }

  #dictionary(i: number): Dictionary {
    return this.#dictionaries[i] as Dictionary;
  }
}
