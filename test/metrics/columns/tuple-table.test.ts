import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TupleTable } from "../../../src/metrics/columns/tuple-table.js";

const tuple = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(60));

describe("TupleTable", () => {
  it("finds exactly the tuples that are in it, through any order of insertions and removals", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), tuple), { maxLength: 400 }), (steps) => {
        const table = new TupleTable(3);
        const rows = new Map<string, number>();
        const free: number[] = [];
        for (const [isInsertion, ids] of steps) {
          const key = ids.join();
          const row = rows.get(key);
          expect(table.find(Int32Array.from(ids))).toBe(row ?? -1);
          if (isInsertion && row === undefined) {
            const next = free.pop() ?? rows.size;
            table.insert(next, Int32Array.from(ids));
            rows.set(key, next);
          } else if (!isInsertion && row !== undefined) {
            table.remove(row);
            rows.delete(key);
            free.push(row);
          }
        }
        for (const [key, row] of rows) {
          expect([0, 1, 2].map((column) => table.idAt(row, column)).join()).toBe(key);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("stays findable when one tuple comes and goes ten thousand times", () => {
    const table = new TupleTable(1);
    table.insert(0, Int32Array.of(7));
    for (let i = 0; i < 10_000; i++) {
      table.insert(1, Int32Array.of(i + 8));
      table.remove(1);
    }
    expect([table.find(Int32Array.of(7)), table.find(Int32Array.of(8))]).toEqual([0, -1]);
  });

  it("knows whether the empty tuple of a family without labels is there", () => {
    const table = new TupleTable(0);
    const none = new Int32Array(0);
    const found = [table.find(none)];
    table.insert(0, none);
    found.push(table.find(none));
    table.remove(0);
    found.push(table.find(none));
    expect(found).toEqual([-1, 0, -1]);
  });
});
