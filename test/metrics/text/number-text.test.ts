import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digitsOf, isPlain, numberText, writeDigits } from "../../../src/metrics/text/number-text.js";

describe("writeDigits", () => {
  it("writes every whole number below 1e15 as String() does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 - 1 }), (value) => {
        const bytes = Buffer.alloc(digitsOf(value));
        writeDigits(bytes, bytes.length, value);
        expect(bytes.toString()).toBe(String(value));
      }),
    );
  });

  it.each([0, 9, 10, 99, 100, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 1e15 - 1])("writes %d whole", (value) => {
    const bytes = Buffer.alloc(20);
    writeDigits(bytes, 20, value);
    expect(bytes.subarray(20 - digitsOf(value)).toString()).toBe(String(value));
  });
});

describe("isPlain", () => {
  it.each([-1, 0.5, 1e15, Number.NaN, Number.POSITIVE_INFINITY])("is false for %d", (value) => {
    expect(isPlain(value)).toBe(false);
  });
});

describe("numberText", () => {
  it("spells the numbers that are not finite as the exposition format does", () => {
    const numbers = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 1e21, 5e-324];
    expect(numbers.map(numberText)).toEqual(["+Inf", "-Inf", "NaN", "0", "1e+21", "5e-324"]);
  });
});
