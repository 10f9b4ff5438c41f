import type { Rows } from "../columns/rows.js";
import type { ShareRows } from "../columns/sharing.js";
import type { FromThread, Sender, SharedLabels } from "./threads-messages.js";

/** The families of this thread that another one can read. */
export interface SharedRows {
  readonly share: ShareRows;
  /** Says everything again, for a listener who knows nothing. */
  sayAll(): void;
  /** Forgets rows that have been idle for longer than their time to live; whoever shows them elsewhere cannot. */
  expire(): void;
}

/** A family and the memory of its blocks. */
interface Shared {
  readonly id: number;
  readonly rows: Rows;
  readonly blocks: SharedArrayBuffer[];
}

/**
 * Puts the blocks of families into memory that the main thread reads, and says at once what memory cannot hold: where a
 * block lies and which labels a row has. So nothing is lost with the thread, even when it is terminated.
 */
export function createSharedRows(sender: Sender, post: (message: FromThread) => void): SharedRows {
  const families: Shared[] = [];

  function sayFamily({ id, rows: { definition, columns } }: Shared): void {
    const { width, blockBits } = columns;
    post({ kind: "family", ...sender, family: id, definition, width, blockBits });
  }

  function sayBlock({ id, blocks }: Shared, block: number): void {
    post({ kind: "block", ...sender, family: id, block, memory: blocks[block] as SharedArrayBuffer });
  }

  function share(rows: Rows): ReturnType<ShareRows> {
    const shared: Shared = { id: families.length, rows, blocks: [] };
    families.push(shared);
    return {
      memory(bytes, block) {
        if (shared.blocks.length === 0) sayFamily(shared);
        const memory = new SharedArrayBuffer(bytes);
        shared.blocks[block] = memory;
        sayBlock(shared, block);
        return memory;
      },
      added(row, texts) {
        const birth = rows.columns.birthOf(row);
        post({ kind: "rows", ...sender, family: shared.id, rows: [[row, birth, ...texts]] });
      },
    };
  }

  function sayAll(): void {
    for (const shared of families.filter(({ blocks }) => blocks.length > 0)) {
      sayFamily(shared);
      for (const block of shared.blocks.keys()) sayBlock(shared, block);
      post({ kind: "rows", ...sender, family: shared.id, rows: labelsOf(shared.rows) });
    }
  }

  function expire(): void {
    for (const { rows } of families)
      for (let block = 0; block < rows.columns.blocks; block++) rows.showing.begin(block);
  }

  return { share, sayAll, expire };
}

function labelsOf({ columns, labels }: Rows): SharedLabels["rows"] {
  const rows: (readonly [number, number, ...string[]])[] = [];
  for (let row = 0; row < columns.rows; row++)
    if (columns.isLive(row)) rows.push([row, columns.birthOf(row), ...labels.textsAt(row)]);
  return rows;
}
