import fc from "fast-check";
import { uncompress } from "snappyjs";
import { describe, expect, it } from "vitest";
import { compress } from "../../../src/metrics/push/snappy.js";

const roundTrip = (bytes: Uint8Array): Buffer => Buffer.from(uncompress(compress(bytes)));
function same(bytes: Uint8Array): void {
  expect(roundTrip(bytes).equals(bytes)).toBe(true);
}

describe("snappy", () => {
  it("gives back any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), same));
  });

  it("gives back bytes that repeat, over every distance and length", () => {
    const repeated = fc
      .tuple(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 400 }),
      )
      .map(([piece, gap, times]) => {
        const noise = Buffer.from(Array.from({ length: gap }, (_, i) => (i * 7919) & 0xff));
        return Buffer.concat(Array.from({ length: times }, () => piece).concat([noise, piece]));
      });
    fc.assert(fc.property(repeated, same));
  });

  it.each([0, 1, 3, 4, 59, 60, 61, 255, 256, 257, 65_535, 65_536, 65_537, 200_000])(
    "gives back %i bytes of one kind, and of all kinds",
    (length) => {
      same(Buffer.alloc(length, 7));
      // A generator whose numbers do not repeat, so that literals of every length are written.
      let state = 1;
      same(Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff)));
    },
  );

  it("makes labels that repeat at least five times smaller, and grows nothing by more than a sixth", () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `http_requests_total{job="chat",route="/rooms/${i}"}`,
    );
    const text = Buffer.from(lines.join("\n"));
    expect(compress(text).length * 5).toBeLessThan(text.length);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(compress(bytes).length).toBeLessThanOrEqual(32 + bytes.length * (7 / 6));
      }),
    );
  });
});
