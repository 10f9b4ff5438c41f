import { expect, it } from "vitest";
import { Exemplars } from "../../../src/metrics/columns/exemplars.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";

it("keeps nothing of a block once its last exemplar was forgotten", () => {
  const exemplars = new Exemplars(createMisuse("h", () => undefined));
  const block = new Float64Array(4);
  exemplars.note(block, 1, { labels: { a: "x" }, value: 1 });
  exemplars.note(block, 3, { labels: { a: "y" }, value: 1 });
  exemplars.forget(block, 0, 2);
  expect([...(exemplars.of(block)?.keys() ?? [])]).toEqual([3]);
  exemplars.forget(block, 2, 2);
  expect(exemplars.of(block)).toBeUndefined();
});
