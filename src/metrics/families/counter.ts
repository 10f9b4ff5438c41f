import { type Cell, Handles, NO_BLOCK } from "../columns/handles.js";
import { isNamed, Rows } from "../columns/rows.js";
import type { CounterHandle, ExemplarRecord } from "../types.js";
import { createFace, type FamilyParts, type Made } from "./family.js";
import { type Misuse, shown } from "./misuse.js";

/** One series of a counter. */
class CounterCell implements Cell, CounterHandle {
  block: Float64Array = NO_BLOCK;
  offset = -1;
  row = -1;
  texts: readonly string[] = [];
  next: Cell | undefined = undefined;
  readonly #handles: Handles<CounterCell>;

  constructor(handles: Handles<CounterCell>) {
    this.#handles = handles;
  }

  inc(value = 1, exemplar?: object): void {
    if (!isIncrement(value)) return refuse(this.#handles.rows.misuse, value);
    this.add(value);
    if (exemplar !== undefined) this.note(value, exemplar);
  }

  /** Adds a value that was checked. */
  add(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block[this.offset] = (this.block[this.offset] as number) + value;
  }

  /** Keeps the exemplar of a value that was just added. */
  note(value: number, labels: object): void {
    this.#handles.rows.exemplars.note(this.block, this.offset, { labels, value });
  }
}

/** Makes a counter of a checked definition. */
export function createCounter(family: FamilyParts): Made {
  const rows = new Rows({ ...family, width: 1, blockBits: 9 });
  const handles = new Handles(rows, (owner: Handles<CounterCell>) => new CounterCell(owner));
  const inc = createInc(handles);
  const recording = { inc: family.definition.enableExemplars === true ? byRecord(inc) : inc };
  return { rows, face: createFace(handles, family.collect, recording) };
}

type Inc = (labels?: unknown, value?: number, exemplar?: object) => void;

function createInc(handles: Handles<CounterCell>): Inc {
  const { misuse } = handles.rows;
  const blank = handles.blank();
  const cursor = handles.cursor();
  return (labels, value, exemplar) => {
    if (!isNamed(labels)) return blank.inc(labels as number | undefined, value as object | undefined);
    const added = value === undefined ? 1 : value;
    if (!isIncrement(added)) return refuse(misuse, added);
    const cell = handles.point(cursor, labels);
    cell.add(added);
    if (exemplar !== undefined) cell.note(added, exemplar);
  };
}

// prom-client's form, where a counter was declared for it: without that, these may be a label's names.
function byRecord(inc: Inc): Inc {
  return (given, ...rest) => {
    if (!isRecord(given)) return inc(given, ...rest);
    const { labels = {}, value, exemplarLabels } = given;
    inc(labels, value, exemplarLabels);
  };
}

function isRecord(given: unknown): given is ExemplarRecord<string> {
  return isNamed(given) && ("labels" in given || "value" in given || "exemplarLabels" in given);
}

function isIncrement(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function refuse(misuse: Misuse, value: unknown): void {
  misuse.count(
    "value",
    () => `inc(): found ${shown(value)}; expected a finite number, 0 or more. It was not recorded.`,
  );
}
