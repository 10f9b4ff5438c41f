/** Counts a call; answers how many there were since it last answered, or 0 to keep quiet. */
export type Limiter = () => number;

/**
 * Makes a limiter for "at most once a minute, with a count": the first call answers 1, the calls of the
 * following `intervalMs` answer 0, and the next one answers for all of them.
 */
export function createLimiter(intervalMs: number, now: () => number = () => performance.now()): Limiter {
  let count = 0;
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  return () => {
    count++;
    const atMs = now();
    if (atMs < quietUntilMs) return 0;
    quietUntilMs = atMs + intervalMs;
    const due = count;
    count = 0;
    return due;
  };
}
