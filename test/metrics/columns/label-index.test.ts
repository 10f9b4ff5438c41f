import { describe, expect, it } from "vitest";
import { LabelIndex } from "../../../src/metrics/columns/label-index.js";

describe("LabelIndex", () => {
  it("keeps no value of ten thousand users who came and went", () => {
    const index = new LabelIndex(["user", "status"], {});
    index.insert(0, ["first", "ok"]);
    for (let i = 0; i < 10_000; i++) {
      index.insert(1, [`user ${i}`, "ok"]);
      index.alias(1, [i, "ok"]);
      index.remove(1);
    }
    expect(index.widest()).toEqual({ index: 0, label: "user", values: 1 });
    expect([index.find(["first", "ok"]), index.find(["user 7", "ok"]), index.find([7, "ok"])]).toEqual([
      0, -1, -1,
    ]);
  });

  it("tells the label with most distinct values", () => {
    const index = new LabelIndex(["a", "b"], {});
    for (const [row, b] of ["x", "y", "z"].entries()) index.insert(row, ["same", b]);
    expect(index.widest()).toEqual({ index: 1, label: "b", values: 3 });
  });
});
