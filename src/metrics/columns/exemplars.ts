import type { Misuse } from "../families/misuse.js";

/** What was seen when a number was recorded; most often the ids of its trace. */
export interface Exemplar {
  /** Names and values by turns. */
  readonly labels: readonly string[];
  /** The number that was recorded. */
  readonly value: number;
  /** Unix time in milliseconds. */
  readonly atMs: number;
}

/** What an exemplar is made from. */
export interface Seen {
  readonly labels: object;
  readonly value: number;
}

/** How exemplars are kept. */
export interface KeptExemplars {
  /** Unix time in milliseconds. Default: `Date.now()`. */
  readonly clock?: (() => number) | undefined;
  /** False keeps none. Default: true. */
  readonly isOn?: boolean | undefined;
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Characters, names and values together: the limit of OpenMetrics. A longer one makes Prometheus refuse the whole scrape. */
const MAX_CHARACTERS = 128;

/** The exemplars of one family, the latest of each cell. They stand beside the columns, which know nothing of them. */
export class Exemplars {
  readonly #misuse: Misuse;
  readonly #clock: () => number;
  readonly #isOn: boolean;
  #blocks: Map<Float64Array, Map<number, Exemplar>> | undefined = undefined;

  constructor(misuse: Misuse, { clock = Date.now, isOn = true }: KeptExemplars = {}) {
    this.#misuse = misuse;
    this.#clock = clock;
    this.#isOn = isOn;
  }

  /** Keeps an exemplar of a cell; one that no exposition could show is reported and dropped. */
  note(block: Float64Array, cell: number, { labels, value }: Seen): void {
    if (!this.#isOn) return;
    const pairs = readableOf(labels);
    const fault = pairs === undefined ? "its labels threw when they were read" : faultOf(pairs);
    if (fault !== undefined)
      return this.#misuse.once("exemplar", () => `exemplar: ${fault}. It was dropped.`);
    if (pairs !== undefined && pairs.length > 0)
      this.#cellsOf(block).set(cell, { labels: pairs, value, atMs: this.#clock() });
  }

  /** Keeps an exemplar that another process noted, unless the one that is known is newer. */
  adopt(block: Float64Array, cell: number, exemplar: Exemplar): void {
    if (!isSound(exemplar)) return;
    const known = this.#blocks?.get(block)?.get(cell);
    if (known === undefined || known.atMs <= exemplar.atMs) this.#cellsOf(block).set(cell, exemplar);
  }

  /** The exemplars of a block by cell, if there are any. */
  of(block: Float64Array): ReadonlyMap<number, Exemplar> | undefined {
    return this.#blocks?.get(block);
  }

  /** Forgets those of `cells` cells from `first` on. */
  forget(block: Float64Array, first: number, cells: number): void {
    const known = this.#blocks?.get(block);
    if (known === undefined) return;
    for (let cell = first; cell < first + cells; cell++) known.delete(cell);
    if (known.size === 0) this.#blocks?.delete(block);
  }

  #cellsOf(block: Float64Array): Map<number, Exemplar> {
    this.#blocks ??= new Map();
    const known = this.#blocks.get(block) ?? new Map<number, Exemplar>();
    this.#blocks.set(block, known);
    return known;
  }
}

// What comes in a message may be anything.
function isSound(exemplar: Exemplar): boolean {
  const { labels, value, atMs } = exemplar;
  const areTexts = Array.isArray(labels) && labels.every((text) => typeof text === "string");
  return (
    areTexts &&
    labels.length % 2 === 0 &&
    typeof value === "number" &&
    Number.isFinite(atMs) &&
    !faultOf(labels)
  );
}

function readableOf(labels: object): string[] | undefined {
  try {
    return pairsOf(labels);
  } catch {
    return undefined;
  }
}

// Copied: what the caller does with the object later must not spoil a scrape.
function pairsOf(labels: object): string[] {
  const pairs: string[] = [];
  if (typeof labels !== "object" || labels === null) return pairs;
  for (const [name, value] of Object.entries(labels)) {
    if (value !== undefined && value !== null) pairs.push(name, String(value));
  }
  return pairs;
}

function faultOf(pairs: readonly string[]): string | undefined {
  const name = pairs.find((text, i) => i % 2 === 0 && !LABEL_NAME.test(text));
  if (name !== undefined) return `found label "${name}"; expected letters, digits and _`;
  const characters = charactersOf(pairs);
  if (characters <= MAX_CHARACTERS) return undefined;
  return `found labels of ${characters} characters; expected at most ${MAX_CHARACTERS}, names and values together`;
}

function charactersOf(texts: readonly string[]): number {
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  return units <= MAX_CHARACTERS ? units : texts.reduce((sum, text) => sum + [...text].length, 0);
}
