import type { Rows } from "./rows.js";

/** A series resolved to a place in a block: what a handle is made of. */
export interface Cell {
  block: Float64Array;
  /** Where the row begins; -1 while the series is forgotten, until {@link Handles.revive} finds it a row. */
  offset: number;
  /** The row itself; counts only while `offset` does. */
  row: number;
  /** The label values, kept while the series is forgotten. */
  texts: readonly string[];
  /** The next handle of the same series. */
  next: Cell | undefined;
}

/** The block of a cell that has no row. */
export const NO_BLOCK: Float64Array = new Float64Array(0);

/** The handles of one family's series. They outlive their row: a forgotten series comes back with the next record. */
export class Handles<C extends Cell> {
  readonly rows: Rows;
  readonly #firstOf: (C | undefined)[] = [];
  readonly #makeCell: (handles: Handles<C>) => C;

  /** `makeCell` makes a handle that has no row yet. */
  constructor(rows: Rows, makeCell: (handles: Handles<C>) => C) {
    this.rows = rows;
    this.#makeCell = makeCell;
    rows.onDrop = (row) => this.#detach(row);
  }

  /** The handle of a row; the same one for as long as the series lives. */
  at(row: number): C {
    const known = this.#firstOf[row];
    if (known !== undefined) return known;
    const cell = this.#makeCell(this);
    this.#attach(cell, row);
    return cell;
  }

  /** A handle of the series whose labels are all missing. The series itself appears with the first record, or now if there are no labels. */
  blank(): C {
    const { names } = this.rows.labels;
    if (names.length === 0) return this.at(this.rows.positioned([]));
    const cell = this.#makeCell(this);
    cell.texts = this.rows.labels.textsOf([]);
    return cell;
  }

  /** A handle that is pointed at one row after another, and of which no row knows. */
  cursor(): C {
    return this.#makeCell(this);
  }

  /** Points a cursor at the row of these labels, for one record. */
  point(cursor: C, labels: object): C {
    this.#place(cursor, this.rows.named(labels));
    return cursor;
  }

  /** Gives a forgotten handle its series back, as a new one if need be. */
  revive(cell: C): void {
    this.#attach(cell, this.rows.positioned(cell.texts));
  }

  /** The same handle, or the one of the series with some other labels, which can be read. */
  like(cell: C, labels: object | undefined): C {
    if (labels === undefined) return cell;
    const { rows } = this;
    const texts =
      cell.offset < 0 ? cell.texts : rows.labels.textsAt(rows.columns.rowAt(cell.block, cell.offset));
    const own = rows.labels.names.map((name, i) => [name, texts[i]]);
    return this.at(rows.named({ ...Object.fromEntries(own), ...labels }));
  }

  #attach(cell: C, row: number): void {
    cell.next = this.#firstOf[row];
    this.#firstOf[row] = cell;
    this.#place(cell, row);
  }

  #place(cell: C, row: number): void {
    const { columns } = this.rows;
    cell.row = row;
    cell.block = columns.blockOf(row);
    cell.offset = columns.offsetOf(row);
  }

  // Every handle lets go, or an old one would write into the row's next tenant.
  #detach(row: number): void {
    const texts = this.rows.labels.textsAt(row);
    let cell: Cell | undefined = this.#firstOf[row];
    while (cell !== undefined) {
      const { next }: Cell = cell;
      cell.texts = texts;
      cell.offset = -1;
      cell.block = NO_BLOCK;
      cell.next = undefined;
      cell = next;
    }
    this.#firstOf[row] = undefined;
  }
}
