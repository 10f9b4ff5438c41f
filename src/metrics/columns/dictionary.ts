import { labelText, ownCopy } from "./label-text.js";

/**
 * The values of one label, each stored once under a small id. A value is kept as long as a series uses it, so that
 * a million users who came and went leave nothing behind.
 */
export class Dictionary {
  readonly #ids = new Map<unknown, number>();
  readonly #texts: string[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  readonly #missing: string;

  /** `missing` is the text of a value that is undefined or null. */
  constructor(missing: string) {
    this.#missing = missing;
  }

  /** Distinct values in use. */
  get size(): number {
    return this.#texts.length - this.#free.length;
  }

  /** The id of a value as callers gave it; undefined when it has none yet. Strings, numbers and booleans are found at once. */
  idOf(value: unknown): number | undefined {
    return this.#ids.get(value);
  }

  /** The text under an id. */
  textOf(id: number): string {
    return this.#texts[id] as string;
  }

  /** The text of a value as it is exported. Never throws. */
  toText(value: unknown): string {
    return value === undefined || value === null ? this.#missing : labelText(value);
  }

  /** Counts one more series with this text and returns its id. */
  retain(text: string): number {
    const id = this.#ids.get(text) ?? this.#admit(text);
    this.#uses[id] = (this.#uses[id] as number) + 1;
    return id;
  }

  /** Lets a value that is not its own text be found at once the next time. */
  alias(value: unknown, id: number): void {
    const isSimple =
      typeof value === "number" || typeof value === "boolean" || value === undefined || value === null;
    if (isSimple) this.#ids.set(value, id);
  }

  /** Counts one series less. */
  release(id: number): void {
    const uses = (this.#uses[id] as number) - 1;
    this.#uses[id] = uses;
    if (uses > 0) return;
    for (const key of this.#keysOf(this.textOf(id))) this.#ids.delete(key);
    this.#texts[id] = "";
    this.#free.push(id);
  }

  #admit(given: string): number {
    const text = ownCopy(given);
    const id = this.#free.pop() ?? this.#texts.length;
    this.#ids.set(text, id);
    this.#texts[id] = text;
    this.#uses[id] = 0;
    return id;
  }

  // Few values share a text (200 and "200", true and "true"), so aliases need no list of their own.
  #keysOf(text: string): unknown[] {
    const keys: unknown[] = [text];
    if (text === this.#missing) keys.push(undefined, null);
    if (String(Number(text)) === text) keys.push(Number(text));
    if (text === "true") keys.push(true);
    if (text === "false") keys.push(false);
    return keys;
  }
}
