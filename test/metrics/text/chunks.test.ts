import { describe, expect, it } from "vitest";
import { createChunks } from "../../../src/metrics/text/chunks.js";

describe("chunks", () => {
  it("are used again once they were given back, and not before", () => {
    const chunks = createChunks();
    const first = chunks.take(10);
    const text = chunks.lend(first, 3);
    expect(text.bytes).toHaveLength(3);
    expect(chunks.take(10)).not.toBe(first);
    text.giveBack();
    expect(chunks.take(10)).toBe(first);
  });

  it("have one user, though they were given back twice", () => {
    const chunks = createChunks();
    const text = chunks.lend(chunks.take(10), 3);
    text.giveBack();
    text.giveBack();
    expect(chunks.take(10)).not.toBe(chunks.take(10));
  });

  it("are as large as they must be, and kept only in the usual size", () => {
    const chunks = createChunks();
    const large = chunks.take(1_000_000);
    expect(large.length).toBeGreaterThanOrEqual(1_000_000);
    chunks.lend(large, 1).giveBack();
    expect(chunks.take(10)).not.toBe(large);
  });

  it("are kept two at most", () => {
    const chunks = createChunks();
    const taken = [1, 2, 3].map(() => chunks.take(10));
    for (const chunk of taken) chunks.lend(chunk, 1).giveBack();
    const again = [1, 2, 3].map(() => chunks.take(10));
    expect(again.filter((chunk) => taken.includes(chunk))).toHaveLength(2);
  });
});
