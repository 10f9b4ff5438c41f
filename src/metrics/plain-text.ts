import { numberText } from "./number-text.js";

/** Lines that are made anew for each scrape, where there is no room for a {@link Page}. */
export class PlainText {
  text = "";
  readonly #prefixes: readonly string[];

  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes;
  }

  write(line: number, value: number): void {
    this.text += `${this.#prefixes[line]}${numberText(value)}\n`;
  }
}
