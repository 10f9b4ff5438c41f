import { describe, expect, it } from "vitest";
import { createBreaker } from "../../../src/tracing/exporters/breaker.js";

function breakerAt(): { breaker: ReturnType<typeof createBreaker>; clock: { ms: number } } {
  const clock = { ms: 5000 };
  return { clock, breaker: createBreaker(() => clock.ms) };
}

/** Fails until it rests, and measures the rest by trying each millisecond. */
function restAfterFailure({ breaker, clock }: ReturnType<typeof breakerAt>): number {
  breaker.failed();
  const start = clock.ms;
  while (!breaker.allows()) clock.ms++;
  return clock.ms - start;
}

describe("createBreaker", () => {
  it("rests from the third failure in a row", () => {
    const { breaker } = breakerAt();
    breaker.failed();
    breaker.failed();
    expect(breaker.allows()).toBe(true);
    breaker.failed();
    expect(breaker.allows()).toBe(false);
  });

  it("counts failures in a row only", () => {
    const { breaker } = breakerAt();
    for (let round = 0; round < 5; round++) {
      breaker.failed();
      breaker.failed();
      breaker.succeeded();
    }
    expect(breaker.allows()).toBe(true);
  });

  it("doubles its rest from 1 s to 60 s", () => {
    const at = breakerAt();
    at.breaker.failed();
    at.breaker.failed();
    expect(Array.from({ length: 8 }, () => restAfterFailure(at))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it("begins anew after a success", () => {
    const at = breakerAt();
    for (let failure = 0; failure < 4; failure++) restAfterFailure(at);
    at.breaker.succeeded();
    expect([restAfterFailure(at), restAfterFailure(at), restAfterFailure(at)]).toEqual([0, 0, 1000]);
  });

  it("does not rest longer for attempts that were under way when it began", () => {
    const at = breakerAt();
    for (let failure = 0; failure < 7; failure++) at.breaker.failed();
    expect(at.breaker.allows()).toBe(false);
    at.clock.ms += 1000;
    expect(at.breaker.allows()).toBe(true);
  });
});
