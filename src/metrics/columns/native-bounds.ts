const MANTISSA_BITS = 52;

/**
 * The upper bounds 2^(k/n) of the buckets from 1 to 2, for k = 0 … n. Those between are irrational: each is the greatest
 * double below, so that comparing with it puts every double into the bucket where it belongs.
 */
export function boundsOfDoubling(buckets: number): Float64Array {
  return Float64Array.from({ length: buckets + 1 }, (_, k) =>
    k === buckets ? 2 : greatestBelow(k, buckets),
  );
}

// Begins below, for a power may be off by its last digit; whole numbers are exact.
function greatestBelow(k: number, buckets: number): number {
  const ulp = 2 ** -MANTISSA_BITS;
  const limit = 1n << BigInt(k + MANTISSA_BITS * buckets);
  const isAbove = (bound: number): boolean => BigInt(bound / ulp) ** BigInt(buckets) > limit;
  let bound = 2 ** (k / buckets) - 2 * ulp;
  while (!isAbove(bound + ulp)) bound += ulp;
  return bound;
}
