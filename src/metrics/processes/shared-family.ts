import type { SharedBlock, SharedFamily, SharedLabels } from "./threads-messages.js";
import type { BornRow, FamilyUpdate, RowNumbers } from "./types.js";

/** A family in the memory of another thread, read as a journal reads one of this thread. */
export interface SharedFamilyReader {
  /** What is in it now. */
  next(): FamilyUpdate;
  addBlock(block: SharedBlock): void;
  nameRows(labels: SharedLabels): void;
}

/** A block as it lies in shared memory. */
interface Block {
  readonly cells: Float64Array;
  readonly births: Int32Array;
}

/** A row whose labels were told. */
interface Named {
  readonly birth: number;
  readonly texts: readonly string[];
}

/** What one look at a family found. */
interface Findings {
  readonly gone: number[];
  readonly born: BornRow[];
  readonly blocks: RowNumbers[];
}

/** Makes the reader of a family of which no block is known yet. */
export function createSharedFamily({
  family: id,
  definition,
  width,
  blockBits,
}: SharedFamily): SharedFamilyReader {
  const blocks: (Block | undefined)[] = [];
  const names: (Named | undefined)[] = [];
  const tenants: number[] = [];
  let isTold = false;

  /** Compares who lives in a row with who did; answers what is new. */
  function look(row: number, birth: number, findings: Findings): void {
    const before = tenants[row] ?? 0;
    const named = names[row];
    // Whoever's name has not come yet is met the next time, with all that was counted until then.
    const now = named?.birth === birth ? birth : 0;
    if (now === before) return;
    tenants[row] = now;
    if (before !== 0) findings.gone.push(row);
    if (now !== 0) findings.born.push([row, true, ...(named?.texts ?? [])]);
  }

  function readBlock({ cells, births }: Block, firstRow: number, findings: Findings): void {
    const before = births.map((_, row) => Atomics.load(births, row));
    const copy = new Float64Array(cells);
    // A row that changed hands meanwhile has the numbers of both. Adding nothing is a read that no other overtakes.
    const tenantsNow = before.map((birth, row) => (Atomics.add(births, row, 0) === birth ? birth : 0));
    for (const [row, birth] of tenantsNow.entries()) look(firstRow + row, birth, findings);
    findings.blocks.push({ firstRow, cells: copy });
  }

  function next(): FamilyUpdate {
    const findings: Findings = { gone: [], born: [], blocks: [] };
    for (const [i, block] of blocks.entries())
      if (block !== undefined) readBlock(block, i << blockBits, findings);
    if (isTold) return { id, width, ...findings };
    isTold = true;
    return { id, width, definition, ...findings };
  }

  return {
    next,
    addBlock({ block, memory }) {
      const cells = width << blockBits;
      blocks[block] = {
        cells: new Float64Array(memory, 0, cells),
        births: new Int32Array(memory, cells * Float64Array.BYTES_PER_ELEMENT),
      };
    },
    nameRows({ rows }) {
      for (const [row, birth, ...texts] of rows) names[row] = { birth, texts };
    },
  };
}
