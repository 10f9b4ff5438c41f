import fc from "fast-check";
import { expect, test } from "vitest";
import { NativeBuckets } from "../../../src/metrics/columns/native-buckets.js";

const NUMBERS = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -2000, max: 2000 }).map((k) => k * 256),
);

test("counts as a Map does, and halves as one whose keys are halved", () => {
  fc.assert(
    fc.property(fc.array(NUMBERS, { maxLength: 400 }), fc.nat(4), (numbers, halvings) => {
      const buckets = new NativeBuckets();
      const expected = new Map<number, number>();
      const halved = (bucket: number): number => Math.ceil(bucket / 2 ** halvings);
      for (const [i, bucket] of numbers.entries())
        expect(buckets.add(bucket, 1)).toBe(numbers.indexOf(bucket) === i);
      for (let i = 0; i < halvings; i++) buckets.halve();
      for (const bucket of numbers) expected.set(halved(bucket), (expected.get(halved(bucket)) ?? 0) + 1);
      expect(buckets.populated).toBe(expected.size);
      expect(buckets.entries()).toEqual([...expected].sort(([a], [b]) => a - b));
    }),
  );
});
