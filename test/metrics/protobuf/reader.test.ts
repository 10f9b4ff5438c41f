import { expect, it } from "vitest";
import { readFields } from "../../../src/metrics/protobuf/reader.js";
import { ProtobufWriter } from "../../../src/metrics/protobuf/writer.js";

it("reads what the writer writes", () => {
  const writer = new ProtobufWriter();
  writer.varint(1, 2 ** 40);
  writer.text(200, "ü");
  writer.double(3, 0.5);
  expect(readFields(writer.take())).toEqual([
    { field: 1, value: 2 ** 40 },
    { field: 200, value: Buffer.from("ü") },
    { field: 3, value: Buffer.from([0, 0, 0, 0, 0, 0, 0xe0, 0x3f]) },
  ]);
});

it.each([
  ["field 0", [0x00, 0x00]],
  ["a group", [0x0b]],
  ["bytes that are cut off", [0x0a, 0x05, 0x61]],
  ["a number that is cut off", [0x08, 0x80]],
  ["a number without end", [0x08, ...Array<number>(11).fill(0x80), 0x00]],
  ["a fixed number that is cut off", [0x09, 0x00]],
])("takes %s for no message", (_title, bytes) => {
  expect(readFields(Buffer.from(bytes))).toBeUndefined();
});
