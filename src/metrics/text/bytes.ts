import { escapeQuoted } from "./escape.js";
import { digitsOf, isPlain, numberText, writeDigits } from "./number-text.js";

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const ZERO = 48;

/** Most bytes of a number. */
export const NUMBER_BYTES = 25;
/** Most bytes of a label value for each of its UTF-16 code units. */
export const UNIT_BYTES = 3;

// Texts are short: a loop takes a third of the time of Buffer's own calls.

/** Writes a number at `at`; returns where it ends. */
export function writeNumber(bytes: Buffer, at: number, value: number): number {
  if (value < 10 && value >= 0 && value === Math.floor(value)) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (!isPlain(value)) return writeAscii(bytes, at, numberText(value));
  const end = at + digitsOf(value);
  writeDigits(bytes, end, value);
  return end;
}

/** Writes a label value as it stands between quotes; returns where it ends. */
export function writeQuoted(bytes: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127 || unit === QUOTE || unit === BACKSLASH || unit === NEWLINE)
      return at + bytes.write(escapeQuoted(text), at);
    bytes[at + i] = unit;
  }
  return at + text.length;
}

function writeAscii(bytes: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
