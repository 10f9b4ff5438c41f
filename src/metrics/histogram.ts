import { BucketIndex } from "./bucket-index.js";
import { createFace, type FamilyParts, type Made } from "./family.js";
import { type Cell, Handles, NO_BLOCK } from "./handles.js";
import type { Misuse } from "./misuse.js";
import { isNamed, Rows } from "./rows.js";
import { startStopwatch } from "./stopwatch.js";
import type { HistogramHandle } from "./types.js";

/** One series of a histogram: a cell a bucket, not cumulative, then +Inf, then the sum. */
class HistogramCell implements Cell, HistogramHandle {
  block: Float64Array = NO_BLOCK;
  offset = -1;
  texts: readonly string[] = [];
  next: Cell | undefined = undefined;
  readonly #handles: Handles<HistogramCell>;
  readonly #buckets: BucketIndex;
  readonly #sumAt: number;

  constructor(handles: Handles<HistogramCell>, buckets: BucketIndex) {
    this.#handles = handles;
    this.#buckets = buckets;
    this.#sumAt = handles.rows.columns.width - 1;
  }

  observe(value: number): void {
    if (Number.isFinite(value)) this.add(value);
    else refuse(this.#handles.rows.misuse, value);
  }

  zero(): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block.fill(0, this.offset, this.offset + this.#sumAt + 1);
  }

  startTimer(): () => number {
    return startStopwatch((seconds) => this.add(seconds));
  }

  /** Records a value that was checked. */
  add(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    const { block, offset } = this;
    const bucket = offset + this.#buckets.find(value);
    const sum = offset + this.#sumAt;
    block[bucket] = (block[bucket] as number) + 1;
    block[sum] = (block[sum] as number) + value;
  }
}

/** Makes a histogram of a checked definition. */
export function createHistogram({ definition, misuse, collect }: FamilyParts): Made {
  const buckets = new BucketIndex(definition.bounds);
  const rows = new Rows({ definition, misuse, width: definition.bounds.length + 2, blockBits: 5 });
  const handles = new Handles(rows, (owner: Handles<HistogramCell>) => new HistogramCell(owner, buckets));
  return { rows, face: createFace(handles, collect, recordingOf(handles, misuse)) };
}

function recordingOf(handles: Handles<HistogramCell>, misuse: Misuse): object {
  const blank = handles.blank();
  const cursor = handles.cursor();

  function observe(labels: unknown, value = Number.NaN): void {
    if (!isNamed(labels)) return blank.observe(labels as number);
    if (!Number.isFinite(value)) return refuse(misuse, value);
    handles.point(cursor, labels).add(value);
  }

  return {
    observe,
    zero: (labels?: object) => handles.point(cursor, labels ?? {}).zero(),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => observe({ ...labels, ...more }, seconds)),
  };
}

function refuse(misuse: Misuse, value: unknown): void {
  misuse.count(
    "value",
    () => `observe(): found ${String(value)}; expected a finite number. It was not recorded.`,
  );
}
