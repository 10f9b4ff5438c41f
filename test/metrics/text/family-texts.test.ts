import { describe, expect, it } from "vitest";
import { createFamilyTexts } from "../../../src/metrics/text/family-texts.js";
import { layOutOpenMetrics } from "../../../src/metrics/text/open-metrics-layout.js";
import { declarationOf, textsOf } from "./declare.js";

describe("the texts of families", () => {
  it("show the numbers of the moment that a piece is asked for", () => {
    const texts = createFamilyTexts();
    const family = declarationOf("a_total");
    const pieces = texts.of(family.declaration).pieces();
    expect(pieces.next().value).toContain("# TYPE a_total counter");
    family.counter.inc(7);
    expect(textsOf(pieces)).toEqual(["a_total 7\n"]);
  });

  it("are laid out once for each format, and again under other default labels", () => {
    const texts = createFamilyTexts();
    const { declaration } = declarationOf("a_total");
    const text = texts.of(declaration);
    expect(texts.of(declaration)).toBe(text);
    expect(texts.of(declaration, layOutOpenMetrics)).not.toBe(text);
    texts.relabel({ zone: "b" });
    expect(textsOf(texts.of(declaration).pieces()).at(-1)).toBe('a_total{zone="b"} 0\n');
  });

  it("leave out what went, and show what came, while a piece was read", () => {
    const family = declarationOf("a_total", ["user"]);
    for (let i = 0; i < 2000; i++) family.counter.inc({ user: `${i} ${"x".repeat(60)}` });
    const pieces = createFamilyTexts().of(family.declaration).pieces();
    pieces.next();
    const first = pieces.next().value;
    expect(String(typeof first === "object" && first.bytes)).toContain('user="0 ');
    family.counter.reset();
    family.counter.inc({ user: "new" });
    expect(textsOf(pieces)).toEqual([]);
    expect(textsOf(createFamilyTexts().of(family.declaration).pieces()).slice(1)).toEqual([
      'a_total{user="new"} 1\n',
    ]);
  });

  it("show nothing of a family whose series are all gone", () => {
    const { declaration } = declarationOf("a_total", ["user"]);
    expect(textsOf(createFamilyTexts().of(declaration).pieces())).toHaveLength(1);
  });
});
