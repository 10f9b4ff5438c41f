import { numberText } from "./number-text.js";

/** Lines that are made anew for each scrape, where there is no room for a {@link Page}. */
export class PlainText {
  text = "";
  readonly #prefixes: readonly string[];

  readonly #suffixes: ReadonlyMap<number, string>;

  /** `suffixes` stand behind the numbers of their lines; each is there before its line is written. */
  constructor(prefixes: readonly string[], suffixes: ReadonlyMap<number, string>) {
    this.#prefixes = prefixes;
    this.#suffixes = suffixes;
  }

  write(line: number, value: number): void {
    this.text += `${this.#prefixes[line]}${numberText(value)}${this.#suffixes.get(line) ?? ""}\n`;
  }
}
