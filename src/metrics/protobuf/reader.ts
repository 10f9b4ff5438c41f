/** One field of a message: a number, or the bytes of a string, a nested message or a fixed width. */
export interface ProtobufField {
  readonly field: number;
  readonly value: number | Buffer;
}

const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const VARINT = 0;
const BYTES = 2;
const LONGEST_VARINT = 10;

/**
 * The fields of a protobuf message in their order; undefined where the bytes are no message. Numbers over 2^53 lose
 * their last digits.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function readFields(message: Buffer): ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  const cursor = { message, at: 0 };
  while (cursor.at < message.length) {
    const tag = readVarint(cursor);
    const value = tag === undefined ? undefined : readValue(cursor, tag % 8);
    if (tag === undefined || tag < 8 || value === undefined) return undefined;
    fields.push({ field: Math.floor(tag / 8), value });
  }
  return fields;
}

interface Cursor {
  readonly message: Buffer;
  at: number;
}

function readValue(cursor: Cursor, wire: number): number | Buffer | undefined {
  if (wire === VARINT) return readVarint(cursor);
  const length = wire === BYTES ? readVarint(cursor) : FIXED_BYTES[wire];
  if (length === undefined || cursor.at + length > cursor.message.length) return undefined;
  cursor.at += length;
  return cursor.message.subarray(cursor.at - length, cursor.at);
}

function readVarint(cursor: Cursor): number | undefined {
  let value = 0;
  for (let i = 0; i < LONGEST_VARINT; i++) {
    const byte = cursor.message[cursor.at++];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  return undefined;
}
