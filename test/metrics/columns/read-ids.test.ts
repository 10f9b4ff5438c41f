import { describe, expect, it } from "vitest";
import { LabelIndex } from "../../../src/metrics/columns/label-index.js";

const NAMES = ["a", "b", "c", "d", "e", "f"];

describe("labels given by name", () => {
  it.each([0, 1, 2, 3, 4, 5, 6])("are found where there are %i, each by its own value", (count) => {
    const names = NAMES.slice(0, count);
    const index = new LabelIndex(names, {});
    const rows = ["x", "y"].flatMap((other) =>
      names.map((name) => ({ ...valuesFor(names, "z"), [name]: other })),
    );
    for (const [row, labels] of rows.entries())
      index.insert(
        row,
        names.map((name) => labels[name] as string),
      );
    expect(rows.map((labels) => index.findNamed({ ...labels, more: "1" }))).toEqual([...rows.keys()]);
    for (const name of names) {
      expect(index.findNamed({ ...rows[0], [name]: "unseen" })).toBe(-1);
      expect(index.findNamed({ ...rows[0], [name]: undefined })).toBe(-1);
    }
  });
});

function valuesFor(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
