import { type Cell, Handles, NO_BLOCK } from "../columns/handles.js";
import { isNamed, Rows } from "../columns/rows.js";
import { TOUCH } from "../columns/touch.js";
import type { GaugeHandle } from "../types.js";
import { createFace, type FamilyParts, type Made } from "./family.js";
import { type Misuse, shown } from "./misuse.js";
import { joinLabels, startStopwatch } from "./stopwatch.js";

/** One series of a gauge. */
class GaugeCell implements Cell, GaugeHandle {
  block: Float64Array = NO_BLOCK;
  offset = -1;
  row = -1;
  texts: readonly string[] = [];
  next: Cell | undefined = undefined;
  readonly #handles: Handles<GaugeCell>;

  constructor(handles: Handles<GaugeCell>) {
    this.#handles = handles;
  }

  set(value: number): void {
    if (isLevel(value)) this.put(value);
    else refuse(this.#handles.rows.misuse, "set", value);
  }

  inc(value = 1): void {
    if (Number.isFinite(value)) this.add(value);
    else refuse(this.#handles.rows.misuse, "inc", value);
  }

  dec(value = 1): void {
    if (Number.isFinite(value)) this.add(-value);
    else refuse(this.#handles.rows.misuse, "dec", value);
  }

  setToCurrentTime(): void {
    this.put(Date.now() / 1000);
  }

  startTimer(): (labels?: object) => number {
    return startStopwatch((seconds, more?: object) => {
      this.#handles.like(this, more && joinLabels(this.#handles.rows.misuse, more)).put(seconds);
    });
  }

  /** Sets a value that was checked. */
  put(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block[this.offset] = value;
    this.block[this.offset + 1] = TOUCH.set;
  }

  /** Adds a value that was checked. */
  add(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block[this.offset] = (this.block[this.offset] as number) + value;
    this.block[this.offset + 1] = TOUCH.counted;
  }
}

/** Makes a gauge of a checked definition. */
export function createGauge(family: FamilyParts): Made {
  const rows = new Rows({ ...family, width: 2, blockBits: 9 });
  const handles = new Handles(rows, (owner: Handles<GaugeCell>) => new GaugeCell(owner));
  return { rows, face: createFace(handles, family.collect, recordingOf(handles, family.misuse)) };
}

function recordingOf(handles: Handles<GaugeCell>, misuse: Misuse): object {
  const blank = handles.blank();
  const cursor = handles.cursor();

  function set(labels: unknown, value = Number.NaN): void {
    if (!isNamed(labels)) return blank.set(labels as number);
    if (!isLevel(value)) return refuse(misuse, "set", value);
    handles.point(cursor, labels).put(value);
  }

  function inc(labels?: unknown, value = 1): void {
    if (!isNamed(labels)) return blank.inc(labels as number | undefined);
    if (!Number.isFinite(value)) return refuse(misuse, "inc", value);
    handles.point(cursor, labels).add(value);
  }

  function dec(labels?: unknown, value = 1): void {
    if (!isNamed(labels)) return blank.dec(labels as number | undefined);
    if (!Number.isFinite(value)) return refuse(misuse, "dec", value);
    handles.point(cursor, labels).add(-value);
  }

  return {
    set,
    inc,
    dec,
    setToCurrentTime: (labels?: object) => set(labels ?? {}, Date.now() / 1000),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => set(joinLabels(misuse, labels, more), seconds)),
  };
}

// Infinity is a level; NaN would only say that a computation went wrong.
function isLevel(value: number): boolean {
  return typeof value === "number" && !Number.isNaN(value);
}

function refuse(misuse: Misuse, method: string, value: unknown): void {
  misuse.count("value", () => `${method}(): found ${shown(value)}; expected a number. It was not recorded.`);
}
