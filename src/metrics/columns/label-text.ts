import { createHash } from "node:crypto";

/** Longest label value, in UTF-16 code units. A longer one is cut. */
export const MAX_LABEL_LENGTH = 1024;

const LONE_SURROGATE = /\p{Surrogate}/u;
const DIGEST_LENGTH = 16;
const KEPT_LENGTH = MAX_LABEL_LENGTH - DIGEST_LENGTH - 1;
// Up to here V8 copies a part of a string; a longer part holds on to the whole.
const COPIED_LENGTH = 12;

/**
 * The text of a label value as it is exported; never throws. Of a value longer than {@link MAX_LABEL_LENGTH} the
 * beginning is kept, then an ellipsis and 16 hexadecimal digits of the SHA-256 of the whole, so that two long values
 * that begin alike stay two.
 */
export function labelText(value: unknown): string {
  const text = typeof value === "string" ? value : stringify(value);
  const short = text.length > MAX_LABEL_LENGTH ? cut(text) : text;
  // UTF-8 has no lone surrogates: two series that differ only in those would be one in the exposition.
  return LONE_SURROGATE.test(short) ? Buffer.from(short).toString() : short;
}

/** True for what {@link labelText} cut. */
export function isCut(text: string): boolean {
  return text.length === MAX_LABEL_LENGTH && text[KEPT_LENGTH] === "…";
}

/** The same text in memory of its own: a user's id that was taken out of a body of a megabyte would keep all of it. */
export function ownCopy(text: string): string {
  return text.length > COPIED_LENGTH ? Buffer.from(text).toString() : text;
}

function cut(text: string): string {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, DIGEST_LENGTH);
  return `${text.slice(0, KEPT_LENGTH)}…${digest}`;
}

function stringify(value: unknown): string {
  try {
    return String(value);
  } catch {
    return tagOf(value);
  }
}

// An object without a usable toString, such as a parsed query string without a prototype. Even its tag may throw.
function tagOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "[object Object]";
  }
}
