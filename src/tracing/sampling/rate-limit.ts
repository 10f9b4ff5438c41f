/** Takes one of the traces that may be kept in this second; false when none is left. */
export type Take = () => boolean;

const now = (): number => performance.now();

/** A token bucket: `perSecond` on average, and after a rest as many at once (at least one). `clock` answers milliseconds. */
export function createRateLimit(perSecond: number, clock: () => number = now): Take {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let filledAt = clock();
  return () => {
    const at = clock();
    tokens = Math.min(capacity, tokens + (Math.max(0, at - filledAt) * perSecond) / 1000);
    filledAt = at;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
