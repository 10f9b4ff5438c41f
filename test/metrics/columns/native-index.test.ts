import fc from "fast-check";
import { expect, test } from "vitest";
import { NativeIndex } from "../../../src/metrics/columns/native-index.js";

const SCHEMAS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const INDEXES = SCHEMAS.map((schema) => new NativeIndex(schema));
const LEAST = 2 ** -128;

/** True where value <= 2^(bucket/n), in whole numbers: value^n <= 2^bucket. */
function isWithin(value: number, bucket: number, n: number): boolean {
  const shift = 1074;
  // Every double is a whole multiple of 2^-1074.
  let [whole, power] = [value, 0];
  while (whole !== Math.floor(whole)) [whole, power] = [whole * 2, power + 1];
  const left = BigInt(whole) ** BigInt(n);
  const right = bucket + power * n;
  expect(power).toBeLessThanOrEqual(shift);
  return right < 0 ? left < 1n : left <= 1n << BigInt(right);
}

function expectExact(value: number): void {
  for (const schema of SCHEMAS) {
    const n = 2 ** schema;
    const bucket = (INDEXES[schema] as NativeIndex).find(value);
    const where = [value, schema, bucket];
    expect([...where, isWithin(value, bucket, n)]).toEqual([...where, true]);
    expect([...where, isWithin(value, bucket - 1, n)]).toEqual([...where, false]);
  }
}

const neighbour = (value: number, ulps: number): number => {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] as bigint) + BigInt(ulps);
  return new Float64Array(bits.buffer)[0] as number;
};

test("finds the bucket of any number, at any schema", () => {
  fc.assert(fc.property(fc.double({ min: 2 ** -127, max: 2 ** 60, noNaN: true }), expectExact), {
    numRuns: 100,
  });
});

test.each([
  LEAST * (1 + Number.EPSILON),
  Number.MAX_VALUE,
  2 ** 1023,
  1,
  1 + Number.EPSILON,
  2 - Number.EPSILON,
])("finds the bucket of %d", expectExact);

test("finds the bucket of each bound and of its neighbours", () => {
  for (let bucket = 0; bucket <= 256; bucket++) {
    for (const ulps of [-2, -1, 0, 1, 2]) expectExact(neighbour(2 ** (bucket / 256), ulps));
  }
});

test("a power of two is the greatest number of its bucket", () => {
  for (const [schema, index] of INDEXES.entries()) {
    for (const power of [-127, -1, 0, 1, 52, 1023]) expect(index.find(2 ** power)).toBe(power * 2 ** schema);
  }
});
