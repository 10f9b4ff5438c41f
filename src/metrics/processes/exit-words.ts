import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Leaves what a process has counted where the hub finds it when the connection ends. Synchronous, as nothing else runs
 * in a process that exits.
 */
export function leaveWords(folder: string, source: string, words: Buffer): void {
  const file = join(folder, `${source}.last`);
  writeFileSync(`${file}.new`, words, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
