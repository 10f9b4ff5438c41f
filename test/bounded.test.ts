import { describe, expect, test } from "vitest";
import { boundedValues, OVERFLOW } from "../src/bounded.js";

describe("bounded values", () => {
  test("lets the first ones through for good and folds all later ones", () => {
    const bound = boundedValues(2);
    expect(["a", "b", "c", "a", "d", "b"].map(bound)).toEqual(["a", "b", OVERFLOW, "a", OVERFLOW, "b"]);
  });

  test("makes text of anything, and an empty text of nothing", () => {
    const bound = boundedValues(10);
    expect([1, true, null, undefined, "", "1"].map(bound)).toEqual(["1", "true", "", "", "", "1"]);
  });

  test("knows names of prototypes for ordinary values", () => {
    const bound = boundedValues(1);
    expect(["__proto__", "constructor", "__proto__"].map(bound)).toEqual([
      "__proto__",
      OVERFLOW,
      "__proto__",
    ]);
  });

  test("holds no more than its bound, however many come", () => {
    const bound = boundedValues(100);
    const seen = new Set(Array.from({ length: 10_000 }, (_, i) => bound(`v${i}`)));
    expect(seen.size).toBe(101);
  });
});
