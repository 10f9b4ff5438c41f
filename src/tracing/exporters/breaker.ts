const FAILURES_TO_OPEN = 3;
const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 60_000;

/** Says when something that fails repeatedly may be tried again. */
export interface Breaker {
  /** False during a rest. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
}

/** After 3 failures in a row rests for 1 s, then after each further one for twice as long, 60 s at most; `now` in milliseconds. */
export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let restMs = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  return {
    allows: () => now() >= restUntilMs,
    succeeded() {
      failures = 0;
      restMs = 0;
      restUntilMs = Number.NEGATIVE_INFINITY;
    },
    failed() {
      failures++;
      // An attempt that began before the rest did is no news.
      if (failures < FAILURES_TO_OPEN || now() < restUntilMs) return;
      restMs = restMs === 0 ? FIRST_REST_MS : Math.min(restMs * 2, LONGEST_REST_MS);
      restUntilMs = now() + restMs;
    },
  };
}
