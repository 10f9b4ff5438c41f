import { expect, it } from "vitest";
import { createRateLimit } from "../../../src/tracing/sampling/rate-limit.js";

function takenIn(ms: number, perSecond: number, stepMs = 1): number {
  let at = 0;
  const take = createRateLimit(perSecond, () => at);
  let taken = 0;
  for (; at < ms; at += stepMs) if (take()) taken++;
  return taken;
}

it("lets as many through as the rate allows, however many ask", () => {
  // The second that it may save up comes on top.
  expect(takenIn(10_000, 50)).toBe(550 - 1);
  expect(takenIn(10_000, 0.5)).toBe(1 + 5 - 1);
});

it("saves up one second and no more", () => {
  let at = 0;
  const take = createRateLimit(5, () => at);
  const burst = (): number => Array.from({ length: 100 }, take).filter(Boolean).length;
  expect(burst()).toBe(5);
  at = 60_000;
  expect(burst()).toBe(5);
  at += 400;
  expect(burst()).toBe(2);
});

it("is not emptied by a clock that goes back", () => {
  let at = 1000;
  const take = createRateLimit(1, () => at);
  expect(take()).toBe(true);
  at = 0;
  expect(take()).toBe(false);
  at = 1000;
  expect(take()).toBe(true);
});
