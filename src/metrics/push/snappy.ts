// Positions inside a fragment fit 16 bits, and so does every distance.
const FRAGMENT_BYTES = 65_536;
const TABLE_BITS = 14;
const SHORTEST_MATCH = 4;
const HASH_FACTOR = 0x1e35a7bd;
// Where nothing matches, the search takes longer and longer steps: data that does not compress costs little.
const SKIP_BITS = 5;

/** Where output goes. */
interface Output {
  readonly bytes: Buffer;
  at: number;
}

/**
 * Compresses in Snappy's block format, which remote write demands. Written out here because it is small, while the one
 * JavaScript package is seldom kept up and the native one has to be built.
 *
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function compress(input: Uint8Array): Buffer {
  const out: Output = { bytes: Buffer.allocUnsafe(mostBytes(input.length)), at: 0 };
  putVarint(out, input.length);
  const table = new Uint16Array(1 << TABLE_BITS);
  for (let start = 0; start < input.length; start += FRAGMENT_BYTES) {
    table.fill(0);
    compressFragment(input.subarray(start, start + FRAGMENT_BYTES), table, out);
  }
  return out.bytes.subarray(0, out.at);
}

// As the reference implementation has it: what does not compress grows by a sixth at most.
function mostBytes(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

function compressFragment(input: Uint8Array, table: Uint16Array, out: Output): void {
  let written = 0;
  let skip = 1 << SKIP_BITS;
  for (let at = 1; at + SHORTEST_MATCH <= input.length; ) {
    const word = wordAt(input, at);
    const slot = Math.imul(word, HASH_FACTOR) >>> (32 - TABLE_BITS);
    const candidate = table[slot] as number;
    table[slot] = at;
    if (wordAt(input, candidate) !== word) {
      at += skip++ >> SKIP_BITS;
      continue;
    }
    const length = matchLength(input, candidate, at);
    putLiteral(out, input.subarray(written, at));
    putCopy(out, at - candidate, length);
    at += length;
    written = at;
    skip = 1 << SKIP_BITS;
  }
  putLiteral(out, input.subarray(written));
}

function wordAt(input: Uint8Array, at: number): number {
  return (
    (input[at] as number) |
    ((input[at + 1] as number) << 8) |
    ((input[at + 2] as number) << 16) |
    ((input[at + 3] as number) << 24)
  );
}

function matchLength(input: Uint8Array, candidate: number, at: number): number {
  let length = SHORTEST_MATCH;
  while (at + length < input.length && input[candidate + length] === input[at + length]) length++;
  return length;
}

function putVarint(out: Output, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.bytes[out.at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out.bytes[out.at++] = rest;
}

function putLiteral(out: Output, literal: Uint8Array): void {
  const last = literal.length - 1;
  if (last < 0) return;
  const lengthBytes = last < 60 ? 0 : last < 256 ? 1 : 2;
  out.bytes[out.at++] = (lengthBytes === 0 ? last : 59 + lengthBytes) << 2;
  for (let i = 0; i < lengthBytes; i++) out.bytes[out.at++] = (last >>> (8 * i)) & 0xff;
  out.bytes.set(literal, out.at);
  out.at += literal.length;
}

// One copy takes 64 bytes at most, and none of fewer than 4 may be left over for the short form.
function putCopy(out: Output, distance: number, length: number): void {
  let rest = length;
  for (; rest >= 68; rest -= 64) putLongCopy(out, distance, 64);
  if (rest > 64) {
    putLongCopy(out, distance, 60);
    rest -= 60;
  }
  if (rest >= 12 || distance >= 2048) return putLongCopy(out, distance, rest);
  out.bytes[out.at++] = 1 | ((rest - SHORTEST_MATCH) << 2) | ((distance >>> 8) << 5);
  out.bytes[out.at++] = distance & 0xff;
}

function putLongCopy(out: Output, distance: number, length: number): void {
  out.bytes[out.at++] = 2 | ((length - 1) << 2);
  out.bytes[out.at++] = distance & 0xff;
  out.bytes[out.at++] = distance >>> 8;
}
