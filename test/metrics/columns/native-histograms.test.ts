import fc from "fast-check";
import { expect, test } from "vitest";
import { Columns } from "../../../src/metrics/columns/columns.js";
import { type NativeHistogram, NativeHistograms } from "../../../src/metrics/columns/native-histograms.js";
import type { NativeSide } from "../../../src/metrics/columns/native-spans.js";

/** A family of one row, and what it looks like after some observations. */
function read(values: readonly number[], schema = 3, maxBuckets = 160): NativeHistogram {
  const columns = new Columns(2, 0);
  const native = new NativeHistograms({ schema, maxBuckets }, columns);
  const row = columns.take();
  for (const value of values) native.observe(row, value);
  columns.blockOf(row)[0] = values.length;
  return native.read(row) as NativeHistogram;
}

/** The buckets of one sign by number, without the empty ones. */
function bucketsOf({ spans, deltas }: NativeSide): Record<number, number> {
  const buckets: Record<number, number> = {};
  let [at, bucket, count] = [0, 0, 0];
  for (const { offset, length } of spans) {
    bucket += offset;
    for (let i = 0; i < length; i++, bucket++) {
      count += deltas[at++] as number;
      if (count > 0) buckets[bucket] = count;
    }
  }
  return buckets;
}

/** The slow way: which k has value <= 2^(k/2^schema). Good away from the bounds. */
const bucketAt = (value: number, schema: number): number => Math.ceil(Math.log2(value) * 2 ** schema);

test("counts a value in the bucket that ends at it or above, at schemas of both signs", () => {
  expect(bucketsOf(read([1, 1, 1.05, 2], 3).positive)).toEqual({ 0: 2, 1: 1, 8: 1 });
  expect(bucketsOf(read([1, 1.5, 2, 2.1, 16, 65536, 65537], -2).positive)).toEqual({
    0: 1,
    1: 4,
    4: 1,
    5: 1,
  });
  expect(bucketsOf(read([1, 65536, 65537, 2 ** -16, 2 ** -17], -4).positive)).toEqual({
    [-1]: 2,
    0: 1,
    1: 1,
    2: 1,
  });
});

test("takes what is nearer to 0 than 2^-128 for 0, and negative values on a side of their own", () => {
  const { zeroThreshold, zeroCount, positive, negative } = read([
    0,
    -0,
    5e-324,
    2 ** -128,
    -(2 ** -128),
    2 ** -128 * (1 + Number.EPSILON),
    -1,
    -1.05,
    -1.05,
  ]);
  expect([zeroThreshold, zeroCount]).toEqual([2.938735877055719e-39, 5]);
  expect([bucketsOf(positive), bucketsOf(negative)]).toEqual([{ [-1023]: 1 }, { 0: 1, 1: 2 }]);
});

test("holds the greatest double and as many buckets as are populated, however far apart", () => {
  expect(bucketsOf(read([Number.MAX_VALUE, 1, 1e-30], 8).positive)).toEqual({
    262144: 1,
    0: 1,
    [bucketAt(1e-30, 8)]: 1,
  });
});

test("halves its resolution with one bucket more than allowed, on both sides, and loses nothing", () => {
  const values = Array.from({ length: 100 }, (_, i) => 1.13 ** (i - 50));
  const { schema, positive, negative } = read([...values, ...values.map((value) => -value)], 3, 60);
  const expected: Record<number, number> = {};
  for (const value of values) expected[bucketAt(value, 0)] = (expected[bucketAt(value, 0)] ?? 0) + 1;
  expect(schema).toBe(0);
  expect(bucketsOf(positive)).toEqual(expected);
  expect(bucketsOf(negative)).toEqual(expected);
});

test("keeps its resolution with exactly as many buckets as allowed", () => {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => 2 ** (k + 0.5));
  expect(read(eight, 3, 8).schema).toBe(3);
  expect(read([...eight, -1], 3, 8).schema).toBeLessThan(3);
});

test("goes no lower than schema -4, whatever is asked", () => {
  const { schema, positive } = read([1e-30, 1, 1e30, 1e300], 3, 1);
  expect(schema).toBe(-4);
  expect(bucketsOf(positive)).toEqual({
    [bucketAt(1e-30, -4)]: 1,
    0: 1,
    [bucketAt(1e30, -4)]: 1,
    [bucketAt(1e300, -4)]: 1,
  });
});

test("ends as if it had begun with the schema it ends with", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 });
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: -4, max: 8 }),
      fc.integer({ min: 1, max: 40 }),
      (given, first, max) => {
        const ended = read(given, first, max);
        expect(ended).toEqual(read(given, ended.schema, Number.MAX_SAFE_INTEGER));
        const populated = [ended.positive, ended.negative].flatMap((side) =>
          Object.keys(bucketsOf(side)),
        ).length;
        expect(populated <= max || ended.schema === -4).toBe(true);
      },
    ),
  );
});
