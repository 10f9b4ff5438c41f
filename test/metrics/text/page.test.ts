import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberText } from "../../../src/metrics/text/number-text.js";
import { Page } from "../../../src/metrics/text/page.js";

const number = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }),
  fc.double(),
  fc.constantFrom(0, 9, 10, 1e15, Number.POSITIVE_INFINITY),
);
const prefix = fc.string({ unit: "binary", maxLength: 12 }).map((text) => `${text.replaceAll("\n", "")} `);

function textOf(prefixes: readonly string[], numbers: readonly number[]): string {
  return prefixes.map((line, i) => `${line}${numberText(numbers[i] as number)}\n`).join("");
}

function writeAll(page: Page, numbers: readonly number[]): void {
  for (const [line, value] of numbers.entries()) page.write(line, value);
  page.finish();
}

describe("Page", () => {
  it("reads like text made anew after any numbers on any lines were replaced", () => {
    const changes = fc.array(fc.dictionary(fc.integer({ min: 0, max: 7 }).map(String), number), {
      maxLength: 8,
    });
    const prefixes = fc.array(prefix, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(prefixes, changes, (lines, rounds) => {
        const numbers = lines.map(() => 0);
        const page = new Page(lines);
        writeAll(page, numbers);
        for (const round of rounds) {
          const changed = Object.keys(round)
            .map(Number)
            .filter((line) => line < lines.length);
          for (const line of changed.sort((a, b) => a - b)) {
            numbers[line] = round[line] as number;
            page.write(line, round[line] as number);
          }
          page.finish();
          expect(page.bytes.toString()).toBe(Buffer.from(textOf(lines, numbers)).toString());
        }
      }),
      { numRuns: 300 },
    );
  });

  it("replaces a number of the same length without new bytes", () => {
    const page = new Page(["a ", "b "]);
    writeAll(page, [10, 20]);
    const before = page.bytes;
    writeAll(page, [11, 21]);
    expect(page.bytes).toBe(before);
    expect(page.bytes.toString()).toBe("a 11\nb 21\n");
  });

  it("leaves lent bytes as they are, whether the next number is as long or longer", () => {
    const page = new Page(["a ", "b "]);
    writeAll(page, [1, 2]);
    const lent = page.bytes;
    page.lend();
    writeAll(page, [3, 4]);
    const lentAgain = page.bytes;
    page.lend();
    writeAll(page, [3, 40]);
    expect([lent, lentAgain, page.bytes].map(String)).toEqual(["a 1\nb 2\n", "a 3\nb 4\n", "a 3\nb 40\n"]);
  });

  it("writes into its bytes again once all who borrowed them gave them back", () => {
    const page = new Page(["a "]);
    writeAll(page, [1]);
    const before = page.bytes;
    const first = page.lend();
    const second = page.lend();
    first();
    second();
    writeAll(page, [2]);
    expect(page.bytes).toBe(before);
  });

  it("does not take a late return of older bytes for one of the newer", () => {
    const page = new Page(["a "]);
    writeAll(page, [1]);
    const giveBackOld = page.lend();
    writeAll(page, [2]);
    const lent = page.bytes;
    page.lend();
    giveBackOld();
    writeAll(page, [3]);
    expect(String(lent)).toBe("a 2\n");
  });
});
