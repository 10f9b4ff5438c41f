import { describe, expect, test } from "vitest";
import { SeriesIndex } from "../../../../src/collectors/http/labels/series-index.js";

/** An index that makes numbered leaves and remembers what it was asked for. */
function numbered() {
  const made: string[][] = [];
  const index = new SeriesIndex<number>((values) => made.push([...values]));
  return { made, index };
}

describe("a series index", () => {
  test("makes each leaf once and finds it again by equal values", () => {
    const { made, index } = numbered();
    const leaves = [index.get(["GET", "/a", "200"]), index.get(["GET", "/a", "500"])];
    expect([index.get(["GET", "/a", "200"]), index.get(["GET", "/a", "500"])]).toEqual(leaves);
    expect(made).toEqual([
      ["GET", "/a", "200"],
      ["GET", "/a", "500"],
    ]);
  });

  test("tells apart what joining would not: order, empty values, separators", () => {
    const { made, index } = numbered();
    const tuples = [
      ["a", "b"],
      ["b", "a"],
      ["", "ab"],
      ["ab", ""],
      ["a,b", ""],
      ["", "a,b"],
    ];
    expect(new Set(tuples.map((tuple) => index.get(tuple))).size).toBe(tuples.length);
    expect(made).toEqual(tuples);
  });

  test("takes names of prototypes for ordinary values", () => {
    const { index } = numbered();
    expect(index.get(["__proto__"])).not.toBe(index.get(["constructor"]));
  });

  test("has one leaf for no values at all", () => {
    const { index } = numbered();
    expect(index.get([])).toBe(index.get([]));
  });
});
