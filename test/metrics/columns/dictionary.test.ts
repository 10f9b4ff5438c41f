import { describe, expect, it } from "vitest";
import { Dictionary } from "../../../src/metrics/columns/dictionary.js";

describe("Dictionary", () => {
  it("keeps a text under one id until its last series is gone, then lets the id go to another", () => {
    const dictionary = new Dictionary("");
    const id = dictionary.retain("a");
    expect(dictionary.retain("a")).toBe(id);
    dictionary.release(id);
    expect(dictionary.idOf("a")).toBe(id);
    dictionary.release(id);
    expect(dictionary.idOf("a")).toBeUndefined();
    expect(dictionary.retain("b")).toBe(id);
    expect(dictionary.size).toBe(1);
  });

  it.each([
    [200, "200"],
    [0.5, "0.5"],
    [-0, "0"],
    [true, "true"],
    [false, "false"],
    [Number.NaN, "NaN"],
  ])("finds %s under the id of its text, and forgets it with the text", (value, text) => {
    const dictionary = new Dictionary("");
    const id = dictionary.retain(text);
    dictionary.alias(value, id);
    expect(dictionary.idOf(value)).toBe(id);
    dictionary.release(id);
    expect(dictionary.idOf(value)).toBeUndefined();
  });

  it.each([[undefined], [null]])(
    "finds %s under the text of missing values, and forgets it with that text",
    (value) => {
      const dictionary = new Dictionary("none");
      const id = dictionary.retain(dictionary.toText(value));
      dictionary.alias(value, id);
      expect(dictionary.textOf(id)).toBe("none");
      dictionary.release(id);
      expect(dictionary.idOf(value)).toBeUndefined();
    },
  );

  it("does not take the alias of one text away with another that reads as the same number", () => {
    const dictionary = new Dictionary("");
    const one = dictionary.retain("1");
    dictionary.alias(1, one);
    dictionary.release(dictionary.retain("1.0"));
    expect(dictionary.idOf(1)).toBe(one);
  });

  it("does not hold on to objects", () => {
    const dictionary = new Dictionary("");
    const value = ["a"];
    dictionary.alias(value, dictionary.retain(dictionary.toText(value)));
    expect(dictionary.idOf(value)).toBeUndefined();
  });

  it("makes any value a text that UTF-8 can carry", () => {
    const dictionary = new Dictionary("");
    const values = [["a", 1], { a: 1 }, Object.create(null), Symbol("s"), 5n, "\ud800", "😀", null];
    const texts = ["a,1", "[object Object]", "[object Object]", "Symbol(s)", "5", "\ufffd", "😀", ""];
    expect(values.map((value) => dictionary.toText(value))).toEqual(texts);
  });
});
