import type { Rows } from "../columns/rows.js";
import type { Joining } from "./fleet-joining.js";
import { nativeLeft, takeNative } from "./fleet-natives.js";
import { LOST, NO_ROW, SourceRows } from "./fleet-source.js";
import type { BornRow, FamilyUpdate, RowNumbers, ToldExemplar, ToldNative } from "./types.js";

/** Leads the rows of many sources into those of one family, and keeps a row for as long as somebody has it. */
export class FleetRows {
  readonly #rows: Rows;
  readonly #joining: Joining;
  readonly #sources = new Map<string, SourceRows>();
  /** How many rows of sources stand in each row. */
  readonly #uses: number[] = [];
  /** Rows that hold what a source counted before it went. */
  readonly #kept = new Set<number>();

  constructor(rows: Rows, joining: Joining) {
    this.#rows = rows;
    this.#joining = joining;
    const detach = rows.onDrop;
    rows.onDrop = (target) => {
      detach(target);
      this.#drop(target);
    };
  }

  /** Sources that have the family. */
  get sources(): number {
    return this.#sources.size;
  }

  /** Takes over what a source told. With `isWhole`, rows that are not in it are gone. */
  apply(name: string, update: FamilyUpdate, isWhole: boolean): void {
    const before = this.#sources.get(name);
    const source = isWhole || before === undefined ? this.#join(name, update) : before;
    for (const row of update.gone) this.#leave(source, row);
    const inheritance = before === undefined || source === before ? undefined : this.#inheritanceOf(before);
    for (const born of update.born) this.#enter(source, born, inheritance);
    if (before !== undefined && source !== before) this.#leaveAll(before);
    for (const numbers of update.blocks) this.#take(source, numbers);
    for (const told of update.exemplars ?? []) this.#adopt(source, told);
    for (const told of update.natives ?? []) this.#takeNative(source, told);
  }

  /** The source has the family no more, as if it had forgotten every row. */
  leave(name: string): void {
    const source = this.#sources.get(name);
    if (source !== undefined) this.#leaveAll(source);
    this.#sources.delete(name);
  }

  /** The source is gone; what it counted stays. */
  retire(name: string): void {
    const source = this.#sources.get(name);
    if (source === undefined) return;
    for (const [row, target] of source.targets.entries()) {
      if (target < 0) continue;
      this.#joining.leave({ source, row, target });
      if (this.#joining.stays) this.#kept.add(target);
      source.forget(row);
      this.#release(target);
    }
    this.#sources.delete(name);
  }

  /** The exponential buckets that sources which are gone left in these rows. */
  nativesLeft(targets: Iterable<number>): ToldNative[] {
    const { native } = this.#rows;
    return [...targets].flatMap((row) => {
      const state = nativeLeft(native?.stateOf(row), row, this.#sources.values());
      return state === undefined ? [] : [{ row, state }];
    });
  }

  /** Makes the numbers current; comes before they are read. */
  settle(): void {
    this.#joining.settle(this.#sources.values());
  }

  #join(name: string, { definition, width }: FamilyUpdate): SourceRows {
    const { labels, columns } = this.#rows;
    if (width !== columns.width) throw new RangeError(`found ${width} cells a row`);
    const order = labels.names.map((label) => (definition?.labelNames ?? labels.names).indexOf(label));
    const source = new SourceRows(width, order);
    this.#sources.set(name, source);
    return source;
  }

  #enter(source: SourceRows, [row, isFresh, ...told]: BornRow, inheritance: Inheritance | undefined): void {
    source.reserve(row);
    this.#leave(source, row);
    const texts = source.order.map((at) => String(told[at]));
    const forgotten = inheritance?.forgotten.get(JSON.stringify(texts));
    if (forgotten !== undefined) return inheritance?.before.bequeath(forgotten, source, row);
    const target = this.#admit(texts, isFresh);
    source.targets[row] = target;
    const heir = inheritance?.standing.get(target)?.shift();
    if (heir === undefined) return;
    inheritance?.before.bequeath(heir, source, row);
    this.#release(target);
  }

  // A row of which somebody was told before does not begin at 0: that would be a restart to whoever reads.
  #admit(texts: readonly string[], isFresh: boolean): number {
    const target = this.#rows.positioned(texts);
    if (!isFresh) this.#rows.columns.markSeen(target);
    this.#uses[target] = (this.#uses[target] ?? 0) + 1;
    return target;
  }

  #take(source: SourceRows, { firstRow, cells: told }: RowNumbers): void {
    // Out of a message the numbers may lie unaligned, which is slow to read.
    const cells = new Float64Array(told);
    const { width } = source;
    for (let row = firstRow, at = 0; at + width <= cells.length; row++, at += width) {
      let target = source.targets[row] ?? NO_ROW;
      if (target === LOST) target = this.#revive(source, row, cells.subarray(at, at + width));
      if (target >= 0) this.#joining.take({ source, row, target }, cells, at);
    }
  }

  #adopt(source: SourceRows, { row, cell, exemplar }: ToldExemplar): void {
    const target = source.targets[row] ?? NO_ROW;
    if (target < 0 || !(cell >= 0 && cell < source.width)) return;
    const { columns, exemplars } = this.#rows;
    exemplars.adopt(columns.blockOf(target), columns.offsetOf(target) + cell, exemplar);
  }

  #takeNative(source: SourceRows, { row, state }: ToldNative): void {
    const { native } = this.#rows;
    const target = source.targets[row] ?? NO_ROW;
    if (target >= 0 && native !== undefined) takeNative(native, { source, row, target }, state);
  }

  // The fleet forgot the row for being idle; it is a new one, which counts from here.
  #revive(source: SourceRows, row: number, cells: Float64Array): number {
    const told = source.toldOf(row);
    if (cells.every((value, i) => value === told[i])) return NO_ROW;
    const target = this.#admit(source.lost.get(row) ?? [], true);
    source.lost.delete(row);
    source.targets[row] = target;
    return target;
  }

  #leaveAll(source: SourceRows): void {
    for (const [row, target] of source.targets.entries()) if (target !== NO_ROW) this.#leave(source, row);
  }

  #leave(source: SourceRows, row: number): void {
    const target = source.targets[row] ?? NO_ROW;
    if (target >= 0) this.#joining.leave({ source, row, target });
    source.forget(row);
    if (target >= 0) this.#release(target);
  }

  // What has a time to live goes by that, as nobody may have read what its source told before it forgot the row.
  #release(target: number): void {
    const uses = (this.#uses[target] as number) - 1;
    this.#uses[target] = uses;
    const stays = this.#kept.has(target) || (this.#joining.stays && this.#rows.definition.ttlMs > 0);
    if (uses === 0 && !stays) this.#rows.drop(target);
  }

  #drop(target: number): void {
    this.#joining.drop(target);
    this.#kept.delete(target);
    if ((this.#uses[target] ?? 0) === 0) return;
    const texts = this.#rows.labels.textsAt(target);
    for (const source of this.#sources.values()) source.lose(target, texts);
    this.#uses[target] = 0;
  }

  #inheritanceOf(before: SourceRows): Inheritance {
    const standing = new Map<number, number[]>();
    for (const [row, target] of before.targets.entries()) {
      if (target < 0) continue;
      const known = standing.get(target);
      if (known === undefined) standing.set(target, [row]);
      else known.push(row);
    }
    const forgotten = new Map([...before.lost].map(([row, texts]) => [JSON.stringify(texts), row]));
    return { before, standing, forgotten };
  }
}

/** What a source that tells everything again had told before. */
interface Inheritance {
  readonly before: SourceRows;
  /** Its rows by the fleet's. */
  readonly standing: ReadonlyMap<number, number[]>;
  /** Rows that the fleet forgot, by their labels. */
  readonly forgotten: ReadonlyMap<string, number>;
}
