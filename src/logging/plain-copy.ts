import { types } from "node:util";
import { describeKnown } from "./known-shapes.js";
import { REDACTED } from "./redact-url.js";
import { redactNumber, redactValues } from "./redact-values.js";
import type { NameRule } from "./secret-names.js";
import { read, type Walk } from "./walk.js";

/** What a copy hides. */
export interface CopyRules {
  readonly name: NameRule;
  readonly text: (text: string) => string;
  /** For what is named as a URL. */
  readonly url: (text: string) => string;
}

const MAX_DEPTH = 7;
const MAX_ENTRIES = 100;
const MAX_VALUES = 1000;
const MAX_CHARS = 65_536;
const MAX_TEXT_CHARS = 16_384;
const MAX_NAME_CHARS = 256;
const MAX_BIGINT = 2n ** 256n;

/**
 * One copy of foreign data: at most 7 levels, 100 entries of each object, 1000 values, 64 k characters, 16 k a text.
 * A class because one is made for every log call with an object, where six closures cost more than the copy.
 */
export class PlainCopy implements Walk {
  readonly #rules: CopyRules;
  readonly #path: object[] = [];
  #values = MAX_VALUES;
  #chars = MAX_CHARS;

  constructor(rules: CopyRules) {
    this.#rules = rules;
  }

  value(source: unknown): unknown {
    switch (typeof source) {
      case "string":
        return this.text(source, this.#rules.text);
      case "object":
        return source === null ? null : this.#object(source);
      case "number":
        return redactNumber(source);
      case "bigint":
        return source < MAX_BIGINT && source > -MAX_BIGINT ? redactValues(String(source)) : "[bigint]";
      case "function":
      case "symbol":
        return undefined;
      default:
        return source;
    }
  }

  field(name: string, source: unknown): unknown {
    const kind = this.#rules.name(name);
    if (kind === "plain") return this.value(source);
    if (kind === "secret") return hidesNothing(source) ? source : REDACTED;
    return typeof source === "string" ? this.text(source, this.#rules.url) : this.value(source);
  }

  entries(source: object): Record<string, unknown> {
    const target: Record<string, unknown> = {};
    const names = Object.keys(source);
    let left = names.length;
    for (const name of names) {
      if (names.length - left === MAX_ENTRIES || this.#values-- <= 0) {
        target["…"] = `${left} more`;
        break;
      }
      left--;
      // Assigning `__proto__` would change the prototype of the copy.
      if (name !== "__proto__") target[shorten(name)] = this.field(name, read(source, name));
    }
    return target;
  }

  text(source: string, redact: (text: string) => string): string {
    const room = Math.min(MAX_TEXT_CHARS, this.#chars);
    this.#chars -= Math.min(source.length, room);
    return source.length <= room
      ? redact(source)
      : `${redact(source.slice(0, room))}…[+${source.length - room}]`;
  }

  #object(source: object): unknown {
    if (this.#path.includes(source)) return "[circular]";
    if (this.#path.length === MAX_DEPTH) return "[too deep]";
    this.#path.push(source);
    try {
      if (Array.isArray(source)) return this.#items(source);
      return (types.isProxy(source) ? undefined : describeKnown(source, this)) ?? this.entries(source);
    } catch {
      // A proxy's trap or a toJSON may throw; the rest of the line is still worth having.
      return "[unreadable]";
    } finally {
      this.#path.pop();
    }
  }

  #items(source: readonly unknown[]): unknown[] {
    const target: unknown[] = [];
    for (let i = 0; i < source.length; i++) {
      if (i === MAX_ENTRIES || this.#values-- <= 0) {
        target.push(`… ${source.length - i} more`);
        break;
      }
      target.push(this.#followsSecret(source, i) ? REDACTED : this.value(source[i]));
    }
    return target;
  }

  /** Header pairs, rawHeaders and command lines name a secret in the item before it. */
  #followsSecret(source: readonly unknown[], index: number): boolean {
    const name = index > 0 && typeof source[index] === "string" ? source[index - 1] : undefined;
    return typeof name === "string" && this.#rules.name(name) === "secret";
  }
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_CHARS ? name : `${name.slice(0, MAX_NAME_CHARS)}…`;
}

function hidesNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    typeof value === "boolean" ||
    typeof value === "function"
  );
}
