import fc from "fast-check";
import { expect, it } from "vitest";
import {
  createFrameReader,
  decodeFrames,
  encodeFrame,
  FRAME,
  type Frame,
} from "../../../src/metrics/processes/frames.js";

function reading(): { frames: Frame[]; garbage: number; reader: ReturnType<typeof createFrameReader> } {
  const seen = { frames: [] as Frame[], garbage: 0 };
  const reader = createFrameReader({
    frame: (frame) => seen.frames.push(frame),
    garbage: () => seen.garbage++,
  });
  return Object.assign(seen, { reader });
}

const kinds = fc.constantFrom(...Object.values(FRAME));
const frame = fc.record({ kind: kinds, payload: fc.uint8Array({ maxLength: 300 }) });

it("gives frames back as they were written, however the bytes arrive", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(({ kind, payload }) => encodeFrame(kind, payload)));
      const seen = reading();
      let at = 0;
      for (const cut of [...cuts, bytes.length]) seen.reader.push(bytes.subarray(at, (at += cut)));
      expect(seen.frames.map(({ kind, payload }) => ({ kind, payload: new Uint8Array(payload) }))).toEqual(
        frames.map(({ kind, payload }) => ({ kind, payload: new Uint8Array(payload) })),
      );
      expect(seen.garbage).toBe(0);
    }),
  );
});

it("never throws, and tells of garbage once, whatever arrives", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
      const seen = reading();
      for (const chunk of chunks) seen.reader.push(Buffer.from(chunk));
      expect(seen.garbage).toBeLessThanOrEqual(1);
    }),
  );
});

it("refuses a stranger's frame that is too large by its head, and holds nothing more", () => {
  const seen = reading();
  seen.reader.push(Buffer.from([0, 1, 0, 1, FRAME.hello]));
  expect(seen.garbage).toBe(1);
  seen.reader.push(encodeFrame(FRAME.hello));
  expect(seen.frames).toEqual([]);
});

it("refuses a kind that does not exist, also after a good frame", () => {
  for (const kind of [0, FRAME.end + 1]) {
    const seen = reading();
    seen.reader.push(Buffer.concat([encodeFrame(FRAME.hello), Buffer.from([0, 0, 0, 0, kind])]));
    expect([seen.frames.length, seen.garbage]).toEqual([1, 1]);
  }
});

it("takes a large frame of a known process, but none beyond the limit", () => {
  const seen = reading();
  seen.reader.trust();
  seen.reader.push(encodeFrame(FRAME.whole, Buffer.alloc(1_000_000)));
  expect(seen.frames.length).toBe(1);
  seen.reader.push(Buffer.from([0xff, 0, 0, 0, FRAME.whole]));
  expect(seen.garbage).toBe(1);
});

it("leaves out the record that a crash cut off at the end of a file", () => {
  const whole = encodeFrame(FRAME.whole, Buffer.from("one"));
  const cut = encodeFrame(FRAME.update, Buffer.from("two")).subarray(0, 6);
  expect(decodeFrames(Buffer.concat([whole, cut])).map(({ payload }) => payload.toString())).toEqual(["one"]);
});
