import type { Definition } from "../families/definition.js";
import type { Misuse } from "../families/misuse.js";
import { Caps } from "./caps.js";
import { Columns } from "./columns.js";
import { Exemplars, type KeptExemplars } from "./exemplars.js";
import { LabelIndex } from "./label-index.js";
import { isCut, MAX_LABEL_LENGTH } from "./label-text.js";
import { NativeHistograms } from "./native-histograms.js";
import type { RowsSharing, ShareRows } from "./sharing.js";
import { Showing } from "./showing.js";

const LONG = `found a label value longer than ${MAX_LABEL_LENGTH} characters; it was cut. Such a value belongs into a log line.`;

/** What the rows of a family are made from. */
export interface RowsOptions {
  readonly definition: Definition;
  readonly misuse: Misuse;
  /** Milliseconds, monotonic; what `ttlMs` is measured with. */
  readonly now: () => number;
  /** Default: exemplars are kept, under the time of `Date.now()`. */
  readonly exemplars?: KeptExemplars | undefined;
  /** Cells a row. */
  readonly width: number;
  /** Rows a block is `1 << blockBits`; a family without labels needs but one. */
  readonly blockBits: number;
  /** Lets another thread read the rows. Default: they are this thread's alone. */
  readonly share?: ShareRows | undefined;
}

/** The series of one family, a row each: finds them by their labels, makes them up to the cap, forgets them. */
export class Rows {
  readonly definition: Definition;
  readonly misuse: Misuse;
  readonly columns: Columns;
  readonly labels: LabelIndex;
  readonly exemplars: Exemplars;
  /** The exponential buckets of a histogram, where it has any. */
  readonly native: NativeHistograms | undefined;
  /** What every exposition asks before it shows a row. */
  readonly showing: Showing;
  /** Called before a row is forgotten. */
  onDrop: (row: number) => void = () => undefined;
  readonly #caps: Caps;
  readonly #sharing: RowsSharing | undefined;

  constructor({ definition, misuse, now, exemplars, width, blockBits, share }: RowsOptions) {
    this.definition = definition;
    this.misuse = misuse;
    this.#sharing = share?.(this);
    this.columns = new Columns(
      width,
      definition.labelNames.length === 0 ? 0 : blockBits,
      this.#sharing?.memory,
    );
    this.exemplars = new Exemplars(misuse, exemplars);
    this.native = definition.native && new NativeHistograms(definition.native, this.columns);
    this.labels = new LabelIndex(definition.labelNames, definition.defaults, definition.labelKeys);
    this.showing = new Showing(this, now);
    this.#caps = new Caps({ definition, misuse, columns: this.columns, labels: this.labels });
  }

  /** Look-ups that were counted under `__overflow__`, in one label or in all. */
  get dropped(): number {
    return this.#caps.dropped;
  }

  /** The row of labels given by name; a new one when there is none yet. */
  named(labels: object): number {
    try {
      const row = this.labels.findNamed(labels);
      if (row >= 0) return row;
      this.#checkNames(labels);
      return this.#resolve(this.labels.valuesOf(labels));
    } catch {
      return this.#resolve(this.#readableOf(labels));
    }
  }

  /** The row of label values by position; a new one when there is none yet. */
  positioned(values: readonly unknown[]): number {
    const row = this.labels.find(values);
    if (row >= 0) return row;
    this.#checkCount(values);
    return this.#resolve(values);
  }

  /** The row of the arguments of `labels()`, in either form. */
  of(given: readonly unknown[]): number {
    return isNamed(given[0]) ? this.named(given[0]) : this.positioned(given);
  }

  /** The same, or -1 where there is none yet. */
  find(given: readonly unknown[]): number {
    const values = isNamed(given[0]) ? this.#readableOf(given[0]) : given;
    return this.labels.find(this.labels.textsOf(values));
  }

  /** Forgets a series. */
  drop(row: number): void {
    this.onDrop(row);
    this.showing.forget(row);
    this.exemplars.forget(this.columns.blockOf(row), this.columns.offsetOf(row), this.columns.width);
    this.native?.drop(row);
    this.labels.remove(row);
    this.columns.release(row);
    this.#caps.leave(row);
  }

  /** Forgets every series. */
  clear(): void {
    for (let row = 0; row < this.columns.rows; row++) if (this.columns.isLive(row)) this.drop(row);
  }

  /** True for rows that take in what exceeds a cap, and so never expire. */
  isKept(row: number): boolean {
    return this.#caps.keeps(row);
  }

  // Off the hot path: values that are no strings yet, then new label sets.
  #resolve(values: readonly unknown[]): number {
    const texts = this.labels.textsOf(values);
    const known = this.labels.find(texts);
    const fitting = known >= 0 ? texts : this.#caps.fit(texts);
    if (fitting !== texts) return this.#foldInto(fitting);
    const row = known >= 0 ? known : this.#add(texts);
    this.labels.alias(row, values);
    return row;
  }

  #foldInto(texts: readonly string[]): number {
    const known = this.labels.find(texts);
    return known >= 0 ? known : this.#add(texts);
  }

  #add(texts: readonly string[]): number {
    if (texts.some(isCut)) this.misuse.once("long", () => LONG);
    const row = this.columns.take();
    this.labels.insert(row, texts);
    this.#caps.enter(row, texts);
    this.#sharing?.added(row, texts);
    return row;
  }

  // A getter or a proxy of the service's may throw.
  #readableOf(labels: object): unknown[] {
    return this.labels.keys.map((name) => {
      try {
        return (labels as Record<string, unknown>)[name];
      } catch {
        this.misuse.count("unreadable", () => `label "${name}" threw when it was read; it was left empty.`);
        return undefined;
      }
    });
  }

  #checkNames(labels: object): void {
    const unknown = Object.keys(labels).find((name) => !this.labels.keys.includes(name));
    if (unknown === undefined) return;
    this.misuse.once(
      "label",
      () => `found label "${unknown}"; expected ${this.#expected()}. It was ignored.`,
    );
  }

  #checkCount(values: readonly unknown[]): void {
    if (values.length <= this.labels.names.length) return;
    this.misuse.once("values", () => `found ${values.length} label values; expected ${this.#expected()}.`);
  }

  #expected(): string {
    const { keys } = this.labels;
    return keys.length === 0 ? "no labels" : `labels ${keys.join(", ")}`;
  }
}

/** True for labels given by name; an array is a label value. */
export function isNamed(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isArray(value);
}

// A revoked proxy throws even here.
function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
