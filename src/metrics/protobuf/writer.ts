const FIRST_BYTES = 16 * 1024;
const CONTINUED = 0x80;
const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;
// Every nested length takes four bytes, whatever it is: an over-long varint is legal, and no message is measured first.
const LENGTH_BYTES = 4;
const MAX_SHORT = 40;
const MAX_NESTED = 2 ** 28 - 1;
// Above it `| 0` would cut a number off.
const INT32_VALUES = 2 ** 31;

/**
 * Writes protobuf messages one after the other into one buffer that grows. Nested messages are opened and closed;
 * fields are written in between.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #end = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#end;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return taken;
  }

  /** A whole, non-negative number: int32, uint32, int64, uint64, bool or enum. */
  varint(field: number, value: number): void {
    this.#reserve(20);
    this.#tag(field, WIRE.varint);
    this.#raw(value);
  }

  /** A signed number in zigzag: sint32 or sint64. */
  zigzag(field: number, value: number): void {
    this.varint(field, value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** A double. */
  double(field: number, value: number): void {
    this.#reserve(13);
    this.#tag(field, WIRE.fixed64);
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  /** A fixed64 or sfixed64. */
  fixed64(field: number, value: bigint): void {
    this.#reserve(13);
    this.#tag(field, WIRE.fixed64);
    this.#end = this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#end);
  }

  /** A string, in UTF-8. */
  text(field: number, value: string): void {
    this.#reserve(10 + value.length * 3);
    this.#tag(field, WIRE.bytes);
    if (value.length <= MAX_SHORT && this.#short(value)) return;
    this.#raw(Buffer.byteLength(value));
    this.#end += this.#bytes.write(value, this.#end);
  }

  /** Bytes, or a message that was encoded before. */
  bytes(field: number, value: Uint8Array): void {
    this.#reserve(10 + value.length);
    this.#tag(field, WIRE.bytes);
    this.#raw(value.length);
    this.raw(value);
  }

  /** Fields that were encoded before. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#end);
    this.#end += fields.length;
  }

  /** Begins a nested message; {@link close} takes what it answers. */
  open(field: number): number {
    this.#reserve(5 + LENGTH_BYTES);
    this.#tag(field, WIRE.bytes);
    return this.begin();
  }

  /** Begins a message that only its length goes before, as in a delimited stream. */
  begin(): number {
    this.#reserve(LENGTH_BYTES);
    this.#end += LENGTH_BYTES;
    return this.#end;
  }

  /** Ends the message that began at `start`. Throws RangeError over 256 MiB. */
  close(start: number): void {
    const length = this.#end - start;
    if (length > MAX_NESTED) throw new RangeError(`protobuf message of ${length} bytes`);
    for (let i = 0; i < LENGTH_BYTES; i++) {
      const more = i < LENGTH_BYTES - 1 ? CONTINUED : 0;
      this.#bytes[start - LENGTH_BYTES + i] = ((length >>> (7 * i)) & 0x7f) | more;
    }
  }

  // Most label names and values are short and ASCII; by hand they take a third of the time.
  #short(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#end + 1;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code >= CONTINUED) return false;
      bytes[start + i] = code;
    }
    bytes[this.#end] = value.length;
    this.#end = start + value.length;
    return true;
  }

  #tag(field: number, wire: number): void {
    this.#raw(field * 8 + wire);
  }

  #raw(value: number): void {
    let rest = value;
    while (rest >= INT32_VALUES) {
      this.#bytes[this.#end++] = (rest % 128) | CONTINUED;
      rest = Math.floor(rest / 128);
    }
    while (rest >= CONTINUED) {
      this.#bytes[this.#end++] = (rest & 0x7f) | CONTINUED;
      rest >>>= 7;
    }
    this.#bytes[this.#end++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}
