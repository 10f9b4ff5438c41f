import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BucketIndex } from "../../../src/metrics/columns/bucket-index.js";

function linear(bounds: readonly number[], value: number): number {
  const bucket = bounds.findIndex((bound) => value <= bound);
  return bucket < 0 ? bounds.length : bucket;
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const ascending = fc
  .uniqueArray(fc.oneof(finite, fc.integer({ min: -100, max: 1000 })), { minLength: 1, maxLength: 40 })
  .map((bounds) => [...new Set(bounds.map((bound) => bound + 0))].sort((a, b) => a - b));

describe("BucketIndex", () => {
  it("finds what a linear search finds, for any ascending bounds, negative and huge ones too", () => {
    fc.assert(
      fc.property(ascending, fc.array(finite), (bounds, values) => {
        const index = new BucketIndex(bounds);
        for (const value of [...values, ...bounds]) expect(index.find(value)).toBe(linear(bounds, value));
      }),
      { numRuns: 300 },
    );
  });

  it("puts a value equal to a bound into the bucket of that bound, and its neighbours beside it", () => {
    const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    const index = new BucketIndex(bounds);
    const found = bounds.map((bound) => [
      index.find(bound * (1 - Number.EPSILON)),
      index.find(bound),
      index.find(bound * (1 + 2 * Number.EPSILON)),
    ]);
    expect(found).toEqual(bounds.map((_, i) => [i, i, i + 1]));
  });

  it("starts below the first bound that can hold the value when the bounds span more than its table", () => {
    const bounds = [1e-300, 1, 1e300];
    const index = new BucketIndex(bounds);
    expect([1e-301, 1e-300, 0.5, 1e200, 1e301].map((value) => index.find(value))).toEqual([0, 0, 1, 2, 3]);
  });
});
