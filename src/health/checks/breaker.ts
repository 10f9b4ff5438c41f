import type { CircuitState } from "../types.js";

/** Decides how long a check that keeps failing is left alone. Not a library's: the schedule is the check's own timer. */
export interface Breaker {
  state(): CircuitState;
  /** Milliseconds until the next run while it is open. */
  waitMs(): number;
  /** A run begins: an open breaker is half open from here on. */
  begin(): void;
  succeed(): void;
  /** `failures` are those in a row, this one included. */
  fail(failures: number): void;
}

/** What a breaker is made of. */
export interface BreakerParts {
  /** Failures in a row that open it; Infinity for never. */
  readonly failures: number;
  /** The wait doubles from here with each opening. */
  readonly baseMs: number;
  readonly maxWaitMs: number;
  /** Successes that close it. */
  readonly successThreshold: number;
  random(): number;
}

/** Makes a closed breaker. */
export function createBreaker(parts: BreakerParts): Breaker {
  let state: CircuitState = "closed";
  let openings = 0;
  let successes = 0;
  let waitMs = 0;

  function open(): void {
    state = "open";
    openings++;
    // Capped before chance, so that many instances do not fall into step at the cap.
    waitMs = Math.min(parts.maxWaitMs, parts.baseMs * 2 ** openings) * (0.5 + parts.random() / 2);
  }

  return {
    state: () => state,
    waitMs: () => waitMs,
    begin() {
      if (state === "open") state = "half_open";
    },
    succeed() {
      if (state === "closed" || ++successes < parts.successThreshold) return;
      state = "closed";
      openings = 0;
      successes = 0;
    },
    fail(failures) {
      successes = 0;
      if (state !== "closed" || failures >= parts.failures) open();
    },
  };
}
