import { PlainCopy } from "./plain-copy.js";
import { createTextRedactor } from "./redact-text.js";
import { redactUrl } from "./redact-url.js";
import { createNameRule } from "./secret-names.js";
import type { Walk } from "./walk.js";

export { redactUrl } from "./redact-url.js";

/** Hides secrets by the names around them. */
export interface Redactor {
  /** Starts a bounded copy. */
  walk(): Walk;
  /** Hides secrets inside free text. */
  text(text: string): string;
}

/** Makes a redactor for the built-in names and the `extra` ones. */
export function createRedactor(extra: readonly string[] = []): Redactor {
  const name = createNameRule(extra);
  const text = createTextRedactor(name);
  // A connection string or a token in a path is no matter of URLs.
  const rules = { name, text, url: (url: string) => text(redactUrl(url)) };
  return { walk: () => new PlainCopy(rules), text };
}

/**
 * Copies headers with `authorization`, `proxy-authorization`, `cookie`, `set-cookie`, `x-api-key` and every other
 * name that speaks of a secret replaced by `[redacted]`. Never throws.
 */
export function redactHeaders(headers: object): unknown {
  return createRedactor().walk().value(headers);
}

/**
 * Copies a value into plain data with secrets replaced by `[redacted]`: at most 7 levels, 100 entries of each
 * object, 1000 values. Circular objects, throwing getters and BigInt are told in a word. Never throws.
 */
export function redactValue(value: unknown): unknown {
  return createRedactor().walk().value(value);
}
