import { BucketIndex } from "../columns/bucket-index.js";
import { type Cell, Handles, NO_BLOCK } from "../columns/handles.js";
import type { NativeHistograms } from "../columns/native-histograms.js";
import { isNamed, Rows } from "../columns/rows.js";
import type { ExemplarRecord, HistogramHandle } from "../types.js";
import { createFace, type FamilyParts, type Made } from "./family.js";
import { type Misuse, shown } from "./misuse.js";
import { joinLabels, startStopwatch } from "./stopwatch.js";

/** One series of a histogram: a cell a bucket, not cumulative, then +Inf, then the sum. Exponential buckets lie beside. */
class HistogramCell implements Cell, HistogramHandle {
  block: Float64Array = NO_BLOCK;
  offset = -1;
  row = -1;
  texts: readonly string[] = [];
  next: Cell | undefined = undefined;
  readonly #handles: Handles<HistogramCell>;
  readonly #buckets: BucketIndex;
  readonly #sumAt: number;
  readonly #native: NativeHistograms | undefined;

  constructor(handles: Handles<HistogramCell>, buckets: BucketIndex) {
    this.#handles = handles;
    this.#buckets = buckets;
    this.#sumAt = handles.rows.columns.width - 1;
    this.#native = handles.rows.native;
  }

  observe(value: number, exemplar?: object): void {
    if (!Number.isFinite(value)) return refuse(this.#handles.rows.misuse, value);
    this.add(value);
    if (exemplar !== undefined) this.note(value, exemplar);
  }

  zero(): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block.fill(0, this.offset, this.offset + this.#sumAt + 1);
    this.#handles.rows.exemplars.forget(this.block, this.offset, this.#sumAt + 1);
    this.#native?.drop(this.row);
  }

  startTimer(): (labels?: object) => number {
    return startStopwatch((seconds, more?: object) => {
      this.#handles.like(this, more && joinLabels(this.#handles.rows.misuse, more)).add(seconds);
    });
  }

  /** Records a value that was checked. */
  add(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    const { block, offset } = this;
    const bucket = offset + this.#buckets.find(value);
    const sum = offset + this.#sumAt;
    block[bucket] = (block[bucket] as number) + 1;
    block[sum] = (block[sum] as number) + value;
    if (this.#native !== undefined) this.#native.observe(this.row, value);
  }

  /** Keeps the exemplar of a value that was just recorded. */
  note(value: number, labels: object): void {
    const bucket = this.offset + this.#buckets.find(value);
    this.#handles.rows.exemplars.note(this.block, bucket, { labels, value });
  }
}

/** Makes a histogram of a checked definition. */
export function createHistogram(family: FamilyParts): Made {
  const { bounds } = family.definition;
  const buckets = new BucketIndex(bounds);
  const rows = new Rows({ ...family, width: bounds.length + 2, blockBits: 5 });
  const handles = new Handles(rows, (owner: Handles<HistogramCell>) => new HistogramCell(owner, buckets));
  return { rows, face: createFace(handles, family.collect, recordingOf(handles, family.misuse)) };
}

function recordingOf(handles: Handles<HistogramCell>, misuse: Misuse): object {
  const blank = handles.blank();
  const cursor = handles.cursor();

  function observe(labels: unknown, value?: number, exemplar?: object): void {
    if (!isNamed(labels)) return observePlain(labels, value, exemplar);
    if (value === undefined) return observeRecord(labels);
    if (!Number.isFinite(value)) return refuse(misuse, value);
    const cell = handles.point(cursor, labels);
    cell.add(value);
    if (exemplar !== undefined) cell.note(value, exemplar);
  }

  function observePlain(value: unknown, next: unknown, exemplar?: object): void {
    if (value === undefined || value === null) blank.observe(next as number, exemplar);
    else blank.observe(value as number, next as object | undefined);
  }

  // Labels alone make no observation, so this is prom-client's form.
  function observeRecord({ labels = {}, value = Number.NaN, exemplarLabels }: ExemplarRecord<string>): void {
    observe(labels, value, exemplarLabels);
  }

  return {
    observe,
    zero: (labels?: object) => handles.point(cursor, labels ?? {}).zero(),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => observe(joinLabels(misuse, labels, more), seconds)),
  };
}

function refuse(misuse: Misuse, value: unknown): void {
  misuse.count(
    "value",
    () => `observe(): found ${shown(value)}; expected a finite number. It was not recorded.`,
  );
}
