import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCut, labelText, MAX_LABEL_LENGTH } from "../../../src/metrics/columns/label-text.js";

describe("the text of a label value", () => {
  it("is the value itself up to 1024 characters, and never longer", () => {
    const whole = "x".repeat(MAX_LABEL_LENGTH);
    expect(labelText(whole)).toBe(whole);
    expect(isCut(whole)).toBe(false);
    const cut = labelText(`${whole}y`);
    expect(cut).toMatch(/^x{1007}…[0-9a-f]{16}$/);
    expect(cut).toHaveLength(MAX_LABEL_LENGTH);
    expect(isCut(cut)).toBe(true);
  });

  it("tells long values apart that differ only behind the cut", () => {
    const long = "x".repeat(5000);
    const texts = ["", "a", "b", "ab", "ba"].map((tail) => labelText(`${long}${tail}`));
    expect(new Set(texts).size).toBe(5);
    expect(labelText(`${long}a`)).toBe(texts[1]);
  });

  it("survives UTF-8, wherever it was cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 500, maxLength: 1100 }), (text) => {
        const shown = labelText(text + text);
        expect(Buffer.from(shown).toString()).toBe(shown);
        expect(shown.length).toBeLessThanOrEqual(MAX_LABEL_LENGTH);
      }),
    );
    expect(labelText("😀".repeat(600))).toHaveLength(MAX_LABEL_LENGTH);
  });

  it("is made of anything without a throw", () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true });
    fc.assert(fc.property(anything, (value) => typeof labelText(value) === "string"));
  });
});
