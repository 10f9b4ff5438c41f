import fc from "fast-check";
import { Reader } from "protobufjs/minimal.js";
import { describe, expect, it } from "vitest";
import { ProtobufWriter } from "../../../src/metrics/protobuf/writer.js";

describe("the protobuf writer", () => {
  it("writes what protobufjs reads back, over any growth of its buffer", () => {
    const whole = fc.nat(Number.MAX_SAFE_INTEGER);
    const fields = fc.array(fc.tuple(whole, fc.double(), fc.string({ unit: "binary" }), fc.integer()), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(fields, (rows) => {
        const writer = new ProtobufWriter();
        for (const [count, value, text, signed] of rows) {
          const start = writer.open(3);
          writer.varint(1, count);
          writer.double(2, value);
          writer.text(4, text);
          writer.zigzag(500_000, signed);
          writer.fixed64(6, BigInt(signed));
          writer.close(start);
        }
        const reader = Reader.create(writer.take());
        for (const [count, value, text, signed] of rows) {
          expect(reader.uint32()).toBe((3 << 3) | 2);
          reader.uint32();
          reader.uint32();
          expect(Number(reader.uint64())).toBe(count);
          reader.uint32();
          expect(reader.double()).toBe(value);
          reader.uint32();
          expect(reader.string()).toBe(Buffer.from(text).toString());
          expect(reader.uint32() >>> 3).toBe(500_000);
          expect(reader.sint32()).toBe(signed);
          reader.uint32();
          expect(Number(reader.sfixed64())).toBe(signed);
        }
        expect(reader.pos).toBe(reader.len);
      }),
    );
  });

  it("fills in the length of a nested message, however long it became", () => {
    const writer = new ProtobufWriter();
    const start = writer.begin();
    for (let i = 0; i < 5000; i++) writer.text(1, "twelve bytes");
    writer.close(start);
    const reader = Reader.create(writer.take());
    expect(reader.uint32()).toBe(5000 * 14);
  });
});
