/** The exponential buckets of one series as plain data, which can be structured-cloned. */
export interface NativeState {
  /** A doubling has 2^schema buckets. */
  readonly schema: number;
  /** Values that are taken for 0. */
  readonly zeros: number;
  readonly positive: NativeCounts;
  readonly negative: NativeCounts;
}

/** Counts by bucket number, only those that are not 0. */
export type NativeCounts = readonly (readonly [bucket: number, count: number])[];

/** A bucket's number where each doubling has 2^steps times fewer: bucket k takes in 2k-1 and 2k. */
export function coarser(bucket: number, steps: number): number {
  return (bucket + (1 << steps) - 1) >> steps;
}

/** What came to `before` until it was `now`; undefined where something went, so that `now` was begun anew. */
export function differenceOf(now: NativeState, before: NativeState): NativeState | undefined {
  const steps = before.schema - now.schema;
  const zeros = now.zeros - before.zeros;
  if (steps < 0 || zeros < 0) return undefined;
  const positive = subtract(now.positive, before.positive, steps);
  const negative = subtract(now.negative, before.negative, steps);
  return positive && negative && { schema: now.schema, zeros, positive, negative };
}

function subtract(now: NativeCounts, before: NativeCounts, steps: number): NativeCounts | undefined {
  const rest = new Map(now);
  for (const [bucket, count] of before) {
    const at = coarser(bucket, steps);
    rest.set(at, (rest.get(at) ?? 0) - count);
  }
  const counts = [...rest].filter(([, count]) => count !== 0);
  return counts.every(([, count]) => count > 0) ? counts : undefined;
}
