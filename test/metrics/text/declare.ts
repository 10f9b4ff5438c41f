import { createCounter } from "../../../src/metrics/families/counter.js";
import type { Declaration } from "../../../src/metrics/families/declaration.js";
import { define } from "../../../src/metrics/families/define.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";
import type { BorrowedText } from "../../../src/metrics/text/chunks.js";
import type { Counter } from "../../../src/metrics/types.js";

/** A counter and what the registry knows of it. */
export function declarationOf(
  name: string,
  labelNames: string[] = [],
): { declaration: Declaration; counter: Counter<string> } {
  const settings = { prefix: "", labels: {}, maxSeriesPerFamily: 10_000, maxValuesPerLabel: 10_000 };
  const definition = define("counter", { name, help: "h", labelNames }, settings);
  const collect = (): Promise<void> => Promise.resolve();
  const misuse = createMisuse(name, () => undefined);
  const made = createCounter({ definition, collect, now: () => 0, misuse });
  const declaration = { ...made, definition, collect, callbacks: new Set<never>(), isForeign: false };
  return { declaration, counter: made.face as unknown as Counter<string> };
}

/** Pieces as strings; what was borrowed is given back. */
export function textsOf(pieces: Iterable<string | BorrowedText>): string[] {
  return Array.from(pieces, (piece) => {
    if (typeof piece === "string") return piece;
    const text = piece.bytes.toString();
    piece.giveBack();
    return text;
  });
}
