import { createFace, type FamilyParts, type Made } from "./family.js";
import { type Cell, Handles, NO_BLOCK } from "./handles.js";
import type { Misuse } from "./misuse.js";
import { isNamed, Rows } from "./rows.js";
import type { CounterHandle } from "./types.js";

/** One series of a counter. */
class CounterCell implements Cell, CounterHandle {
  block: Float64Array = NO_BLOCK;
  offset = -1;
  texts: readonly string[] = [];
  next: Cell | undefined = undefined;
  readonly #handles: Handles<CounterCell>;

  constructor(handles: Handles<CounterCell>) {
    this.#handles = handles;
  }

  inc(value = 1): void {
    if (isIncrement(value)) this.add(value);
    else refuse(this.#handles.rows.misuse, value);
  }

  /** Adds a value that was checked. */
  add(value: number): void {
    if (this.offset < 0) this.#handles.revive(this);
    this.block[this.offset] = (this.block[this.offset] as number) + value;
  }
}

/** Makes a counter of a checked definition. */
export function createCounter({ definition, misuse, collect }: FamilyParts): Made {
  const rows = new Rows({ definition, misuse, width: 1, blockBits: 9 });
  const handles = new Handles(rows, (owner: Handles<CounterCell>) => new CounterCell(owner));
  const blank = handles.blank();
  const cursor = handles.cursor();

  function inc(labels?: unknown, value = 1): void {
    if (!isNamed(labels)) return blank.inc(labels as number | undefined);
    if (!isIncrement(value)) return refuse(misuse, value);
    handles.point(cursor, labels).add(value);
  }

  return { rows, face: createFace(handles, collect, { inc }) };
}

function isIncrement(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function refuse(misuse: Misuse, value: unknown): void {
  misuse.count(
    "value",
    () => `inc(): found ${String(value)}; expected a finite number, 0 or more. It was not recorded.`,
  );
}
