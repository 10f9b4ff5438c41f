import { digitsOf, isPlain, numberText, writeDigits } from "./number-text.js";

/**
 * The finished text of some lines, whose numbers are replaced in place. A number as long as the one before is written
 * over it; the others move the rest of the text in one pass of {@link finish}.
 */
export class Page {
  #bytes: Buffer;
  readonly #ends: Int32Array;
  readonly #widths: Uint8Array;
  #resizedLines: number[] = [];
  #resizedTexts: string[] = [];
  #growth = 0;
  #readers = 0;
  #edition = 0;

  /** Takes what stands before the number on each line. The page is whole once every line was written and finished. */
  constructor(prefixes: readonly string[]) {
    const text = prefixes.map((prefix) => `${prefix}\n`).join("");
    this.#bytes = Buffer.from(text);
    this.#ends = new Int32Array(prefixes.length);
    this.#widths = new Uint8Array(prefixes.length);
    const isAscii = this.#bytes.length === text.length;
    let end = -1;
    for (const [line, prefix] of prefixes.entries()) {
      end += 1 + (isAscii ? prefix.length : Buffer.byteLength(prefix));
      this.#ends[line] = end;
    }
  }

  /** The text. Whoever keeps it beyond this turn takes it with {@link lend}. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Replaces the number of a line. Lines must come in ascending order, each at most once before {@link finish}. */
  write(line: number, value: number): void {
    if (!isPlain(value)) return this.#writeText(line, numberText(value));
    if (digitsOf(value) !== this.#widths[line]) return this.#resize(line, String(value));
    this.#own();
    writeDigits(this.#bytes, this.#ends[line] as number, value);
  }

  /** Moves the text apart or together where a number became longer or shorter. */
  finish(): void {
    if (this.#resizedLines.length === 0) return;
    this.#relay();
    this.#shift();
    this.#resizedLines = [];
    this.#resizedTexts = [];
    this.#growth = 0;
  }

  /** A copy with something more behind the numbers of some lines, which come in ascending order. */
  withSuffixes(suffixes: ReadonlyMap<number, string>): Buffer {
    const parts: Buffer[] = [];
    let from = 0;
    for (const [line, suffix] of suffixes) {
      const end = this.#ends[line] as number;
      parts.push(this.#bytes.subarray(from, end), Buffer.from(suffix));
      from = end;
    }
    return Buffer.concat([...parts, this.#bytes.subarray(from)]);
  }

  /** Keeps {@link bytes} as they are until the returned function is called: later numbers go into a copy. */
  lend(): () => void {
    const edition = this.#edition;
    this.#readers++;
    return () => {
      if (edition === this.#edition) this.#readers--;
    };
  }

  #writeText(line: number, text: string): void {
    if (text.length !== this.#widths[line]) return this.#resize(line, text);
    this.#own();
    this.#bytes.write(text, (this.#ends[line] as number) - text.length, "latin1");
  }

  #resize(line: number, text: string): void {
    this.#resizedLines.push(line);
    this.#resizedTexts.push(text);
    this.#growth += text.length - (this.#widths[line] as number);
  }

  #own(): void {
    if (this.#readers > 0) this.#publish(Buffer.from(this.#bytes));
  }

  #publish(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#readers = 0;
    this.#edition++;
  }

  #relay(): void {
    const source = this.#bytes;
    const target = Buffer.allocUnsafe(source.length + this.#growth);
    let from = 0;
    let to = 0;
    for (const [i, line] of this.#resizedLines.entries()) {
      const end = this.#ends[line] as number;
      to += source.copy(target, to, from, end - (this.#widths[line] as number));
      to += target.write(this.#resizedTexts[i] as string, to, "latin1");
      from = end;
    }
    source.copy(target, to, from);
    this.#publish(target);
  }

  #shift(): void {
    let shift = 0;
    let next = 0;
    for (let line = this.#resizedLines[0] as number; line < this.#ends.length; line++) {
      if (line === this.#resizedLines[next]) {
        const { length } = this.#resizedTexts[next++] as string;
        shift += length - (this.#widths[line] as number);
        this.#widths[line] = length;
      }
      this.#ends[line] = (this.#ends[line] as number) + shift;
    }
  }
}
