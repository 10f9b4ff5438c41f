import { describe, expect, it } from "vitest";
import { Columns } from "../../../src/metrics/columns/columns.js";

function fill(columns: Columns, count: number): number[] {
  return Array.from({ length: count }, () => {
    const row = columns.take();
    columns.blockOf(row)[columns.offsetOf(row)] = row + 1;
    return row;
  });
}

const valueAt = (columns: Columns, row: number): number | undefined =>
  columns.blockOf(row)[columns.offsetOf(row)];

describe("Columns", () => {
  it("gives out the lowest free row, so that rows gather in the first blocks", () => {
    const columns = new Columns(1, 2);
    const rows = fill(columns, 12);
    for (const row of [9, 2, 5]) columns.release(row);
    expect([columns.take(), columns.take(), columns.take(), columns.take()]).toEqual([2, 5, 9, 12]);
    expect(rows).toEqual(Array.from({ length: 12 }, (_, row) => row));
  });

  it("gives back the memory of a block whose rows are all gone, and takes new memory for its next row", () => {
    const columns = new Columns(1, 2);
    fill(columns, 8);
    const before = columns.blockOf(4);
    for (const row of [4, 5, 6, 7]) columns.release(row);
    expect(columns.blockOf(4)).not.toBe(before);
    expect([...columns.blockOf(4)]).toEqual([0, 0, 0, 0]);
    expect([columns.birthOf(4), columns.blocks, columns.rows]).toEqual([0, 2, 8]);
    expect(fill(columns, 2)).toEqual([4, 5]);
    expect([valueAt(columns, 4), valueAt(columns, 5), valueAt(columns, 3)]).toEqual([5, 6, 4]);
  });

  it("gives two blocks that come back memory of their own", () => {
    const columns = new Columns(1, 1);
    const rows = fill(columns, 4);
    for (const row of rows) columns.release(row);
    fill(columns, 4);
    expect(rows.map((row) => valueAt(columns, row))).toEqual([1, 2, 3, 4]);
    expect(rows.every((row) => columns.birthOf(row) > 4)).toBe(true);
  });

  it("keeps the block of rows that live, though all others of it are gone", () => {
    const columns = new Columns(1, 2);
    fill(columns, 4);
    const block = columns.blockOf(0);
    for (const row of [0, 1, 3]) columns.release(row);
    expect(columns.blockOf(2)).toBe(block);
    expect(valueAt(columns, 2)).toBe(3);
  });

  it("leaves memory that another thread may read where it is", () => {
    const columns = new Columns(1, 2, (bytes) => new SharedArrayBuffer(bytes));
    const [row = 0] = fill(columns, 1);
    const block = columns.blockOf(row);
    columns.release(row);
    expect(columns.blockOf(row)).toBe(block);
  });
});
