import { describe, expect, it } from "vitest";
import { createCounter } from "../../src/metrics/counter.js";
import type { Declaration } from "../../src/metrics/declaration.js";
import { define } from "../../src/metrics/define.js";
import { createFamilyTexts } from "../../src/metrics/family-texts.js";
import { createMisuse } from "../../src/metrics/misuse.js";
import { Page } from "../../src/metrics/page.js";

function declare(name: string): Declaration {
  const settings = { prefix: "", labels: {}, maxSeriesPerFamily: 10 };
  const definition = define("counter", { name, help: "h" }, settings);
  const collect = (): Promise<void> => Promise.resolve();
  const made = createCounter({ definition, collect, misuse: createMisuse(name, () => undefined) });
  return { ...made, definition, collect, callbacks: new Set(), isForeign: false };
}

describe("the texts of families", () => {
  it("are pages as long as there is room, and strings beyond", () => {
    const texts = createFamilyTexts(20);
    const shown = [declare("a_total"), declare("b_total")].map((one) => texts.of(one).show(0, 0));
    expect(shown).toEqual([expect.any(Page), "b_total 0\n"]);
  });

  it("give their room back when their family is gone", () => {
    const texts = createFamilyTexts(20);
    texts.of(declare("a_total")).show(0, 0);
    texts.keepOnly(new Set());
    expect(texts.of(declare("b_total")).show(0, 0)).toBeInstanceOf(Page);
  });

  it("keep no page after they were let go, though a scrape under way still asks for them", () => {
    const texts = createFamilyTexts(20);
    const text = texts.of(declare("a_total"));
    texts.release();
    expect(text.show(0, 0)).toBe("a_total 0\n");
    expect(texts.of(declare("b_total")).show(0, 0)).toBeInstanceOf(Page);
  });
});
