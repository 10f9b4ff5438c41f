import type { Exemplar } from "../columns/exemplars.js";
import type { Rows } from "../columns/rows.js";
import type { Declaration } from "../families/declaration.js";
import type { BornRow, FamilyUpdate, RowNumbers, ToldExemplar, ToldNative } from "./types.js";

const NOTHING = new Float64Array(0);

/** Tells of one family what changed since it was last asked. */
export interface FamilyTeller {
  readonly id: number;
  /** What is new; undefined when nothing is. */
  next(): FamilyUpdate | undefined;
}

/** What one look at a family found. */
interface Findings {
  readonly gone: number[];
  readonly born: BornRow[];
  readonly blocks: RowNumbers[];
  readonly exemplars: ToldExemplar[];
  readonly natives: ToldNative[];
}

/**
 * Makes the teller of a family that knows of nothing told. It keeps a copy of the numbers that it told: comparing them
 * finds the blocks that changed, so that recording need not say what it touched.
 */
export function createFamilyTeller(id: number, { rows, definition }: Declaration): FamilyTeller {
  const births: number[] = [];
  const revisions: number[] = [];
  const told: Float64Array[] = [];
  const exemplars: (ReadonlyMap<number, Exemplar> | undefined)[] = [];
  let isTold = false;

  function lookAt(block: number, findings: Findings): void {
    rows.showing.begin(block);
    const revision = rows.columns.revisionOf(block);
    const hasRevised = revision !== revisions[block];
    if (hasRevised) compareRows(rows, block, { births, ...findings });
    revisions[block] = revision;
    const cells = rows.columns.blockOf(block << rows.columns.blockBits);
    // A row that changed hands may hold what its last tenant had.
    if (!hasRevised && isSame(cells, told[block])) return;
    findings.natives.push(...changedNatives(rows, block, hasRevised ? undefined : told[block]));
    told[block] = copyOf(rows, block, cells);
    findings.blocks.push({ firstRow: block << rows.columns.blockBits, cells: told[block] });
    const seen = rows.exemplars.of(cells);
    findings.exemplars.push(...compareExemplars(rows, block, { seen, told: exemplars[block] }));
    exemplars[block] = seen && new Map(seen);
  }

  function next(): FamilyUpdate | undefined {
    const findings: Findings = { gone: [], born: [], blocks: [], exemplars: [], natives: [] };
    for (let block = 0; block < rows.columns.blocks; block++) lookAt(block, findings);
    const { width } = rows.columns;
    if (isTold) return findings.blocks.length === 0 ? undefined : { id, width, ...findings };
    isTold = true;
    return { id, width, definition: { ...definition }, ...findings };
  }

  return { id, next };
}

function compareRows(
  { columns, labels }: Rows,
  block: number,
  { births, gone, born }: Pick<Findings, "gone" | "born"> & { births: number[] },
): void {
  const end = Math.min(columns.rows, (block + 1) << columns.blockBits);
  for (let row = block << columns.blockBits; row < end; row++) {
    const birth = columns.birthOf(row);
    const before = births[row] ?? 0;
    if (birth === before) continue;
    births[row] = birth;
    if (before !== 0) gone.push(row);
    if (birth === 0) continue;
    born.push([row, columns.isUnseen(row), ...labels.textsAt(row)]);
    columns.markSeen(row);
  }
}

// A row whose cells are the same has counted nothing.
function changedNatives(
  { columns, native }: Rows,
  block: number,
  told: Float64Array | undefined,
): ToldNative[] {
  const found: ToldNative[] = [];
  const first = block << columns.blockBits;
  const cells = columns.blockOf(first);
  const end = native === undefined ? first : Math.min(columns.rows, first + (1 << columns.blockBits));
  for (let row = first; row < end; row++) {
    const at = columns.offsetOf(row);
    const before = told?.subarray(at, at + columns.width) ?? NOTHING;
    const isTold = before.length > 0 && isSame(cells.subarray(at), before);
    const state = isTold ? undefined : native?.stateOf(row);
    if (state !== undefined) found.push({ row, state });
  }
  return found;
}

/** The exemplars of a block now, and as they were told. */
interface SeenAndTold {
  readonly seen: ReadonlyMap<number, Exemplar> | undefined;
  readonly told: ReadonlyMap<number, Exemplar> | undefined;
}

function compareExemplars({ columns }: Rows, block: number, { seen, told }: SeenAndTold): ToldExemplar[] {
  return [...(seen ?? [])]
    .filter(([at, exemplar]) => told?.get(at) !== exemplar)
    .map(([at, exemplar]) => ({
      row: (block << columns.blockBits) + Math.floor(at / columns.width),
      cell: at % columns.width,
      exemplar,
    }));
}

function copyOf({ columns }: Rows, block: number, cells: Float64Array): Float64Array {
  const used = Math.min(columns.rows - (block << columns.blockBits), 1 << columns.blockBits);
  return new Float64Array(cells.subarray(0, used * columns.width));
}

// Rows beyond the copy were taken since, which revises the block.
function isSame(cells: Float64Array, told: Float64Array | undefined): boolean {
  if (told === undefined) return false;
  for (let i = 0; i < told.length; i++) if (cells[i] !== told[i]) return false;
  return true;
}
