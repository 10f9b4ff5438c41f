/** What is written in Thrift's binary protocol; the buffer grows. */
export interface Output {
  buffer: Buffer;
  /** Bytes written so far; set back, it forgets what came after. */
  length: number;
}

const FIRST_BYTES = 16_384;
const TWO_32 = 2 ** 32;
// Longer than that, Node's own encoder is faster than a loop.
const LOOP_CHARACTERS = 48;

/** The types of Thrift that a batch of Jaeger has. */
export const TYPE = { BOOL: 2, DOUBLE: 4, I32: 8, I64: 10, STRING: 11, STRUCT: 12, LIST: 15 } as const;

/** An empty output. */
export function createOutput(): Output {
  return { buffer: Buffer.allocUnsafeSlow(FIRST_BYTES), length: 0 };
}

/** What was written; the output begins anew and never writes to it again. */
export function take(out: Output): Buffer {
  const taken = out.buffer.subarray(0, out.length);
  out.buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  out.length = 0;
  return taken;
}

function need(out: Output, bytes: number): void {
  if (out.length + bytes <= out.buffer.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(out.buffer.length * 2, out.length + bytes));
  out.buffer.copy(larger, 0, 0, out.length);
  out.buffer = larger;
}

/** The header of a field. */
export function field(out: Output, type: number, id: number): void {
  need(out, 3);
  out.buffer[out.length++] = type;
  out.buffer[out.length++] = 0;
  out.buffer[out.length++] = id;
}

/** The end of a struct. */
export function stop(out: Output): void {
  need(out, 1);
  out.buffer[out.length++] = 0;
}

/** The header of a list. */
export function list(out: Output, type: number, count: number): void {
  need(out, 5);
  out.buffer[out.length++] = type;
  i32(out, count);
}

export function bool(out: Output, value: boolean): void {
  need(out, 1);
  out.buffer[out.length++] = value ? 1 : 0;
}

export function i32(out: Output, value: number): void {
  need(out, 4);
  out.buffer[out.length++] = value >>> 24;
  out.buffer[out.length++] = value >>> 16;
  out.buffer[out.length++] = value >>> 8;
  out.buffer[out.length++] = value;
}

/** A whole number within 2^53. */
export function i64(out: Output, value: number): void {
  const high = Math.floor(value / TWO_32);
  i32(out, high);
  i32(out, value - high * TWO_32);
}

/** An i64 given as 16 hexadecimal digits, from `from` on. */
export function hex64(out: Output, digits: string, from: number): void {
  need(out, 8);
  for (let i = from; i < from + 16; i += 2)
    out.buffer[out.length++] = (nibble(digits.charCodeAt(i)) << 4) | nibble(digits.charCodeAt(i + 1));
}

// Of a hexadecimal digit, upper or lower case.
function nibble(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87;
}

export function double(out: Output, value: number): void {
  need(out, 8);
  out.length = out.buffer.writeDoubleBE(value, out.length);
}

export function string(out: Output, value: string): void {
  need(out, 4 + value.length * 3);
  const start = out.length;
  out.length += 4;
  if (value.length > LOOP_CHARACTERS || !ascii(out, value))
    out.length = start + 4 + out.buffer.write(value, start + 4);
  const end = out.length;
  out.length = start;
  i32(out, end - start - 4);
  out.length = end;
}

// True when all of it was ASCII; else nothing counts as written.
function ascii(out: Output, value: string): boolean {
  const { buffer, length } = out;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 127) return false;
    buffer[length + i] = code;
  }
  out.length += value.length;
  return true;
}

/** Bytes that are encoded already. */
export function bytes(out: Output, value: Uint8Array): void {
  need(out, value.length);
  out.buffer.set(value, out.length);
  out.length += value.length;
}
