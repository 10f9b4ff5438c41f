import fc from "fast-check";
import { expect, test } from "vitest";
import { spansOf } from "../../../src/metrics/columns/native-spans.js";

test("writes neighbours as one span, and each count as its step from the one before", () => {
  expect(
    spansOf([
      [-2, 5],
      [-1, 3],
      [0, 3],
    ]),
  ).toEqual({ spans: [{ offset: -2, length: 3 }], deltas: [5, -2, 0] });
});

test("fills gaps of up to two buckets, and begins a span after a longer one", () => {
  expect(
    spansOf([
      [1, 4],
      [4, 4],
    ]),
  ).toEqual({ spans: [{ offset: 1, length: 4 }], deltas: [4, -4, 0, 4] });
  const apart = {
    spans: [
      { offset: 1, length: 1 },
      { offset: 3, length: 1 },
    ],
    deltas: [4, 0],
  };
  expect(
    spansOf([
      [1, 4],
      [5, 4],
    ]),
  ).toEqual(apart);
});

test("writes nothing of no buckets", () => {
  expect(spansOf([])).toEqual({ spans: [], deltas: [] });
});

test("read back, gives the same buckets", () => {
  const buckets = fc.uniqueArray(
    fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 99 })),
    {
      selector: ([bucket]) => bucket,
    },
  );
  fc.assert(
    fc.property(buckets, (given) => {
      const sorted = given.toSorted(([a], [b]) => a - b);
      const { spans, deltas } = spansOf(sorted);
      const read: [number, number][] = [];
      let [at, bucket, count] = [0, 0, 0];
      for (const { offset, length } of spans) {
        bucket += offset;
        for (let i = 0; i < length; i++) read.push([bucket++, (count += deltas[at++] as number)]);
      }
      expect(at).toBe(deltas.length);
      expect(read.filter(([, one]) => one > 0)).toEqual(sorted);
    }),
  );
});
