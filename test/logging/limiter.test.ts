import { expect, it } from "vitest";
import { createLimiter } from "../../src/logging/limiter.js";

it("answers once an interval, with the calls kept quiet since", () => {
  let clock = 5;
  const due = createLimiter(60_000, () => clock);
  expect([due(), due(), due()]).toEqual([1, 0, 0]);
  clock += 59_999;
  expect(due()).toBe(0);
  clock += 1;
  expect(due()).toBe(4);
  expect(due()).toBe(0);
});
