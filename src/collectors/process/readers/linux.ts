import { readdir, readFile } from "node:fs/promises";
import type { ProcessFamilies } from "../process-families.js";

const KIB = 1024;

/** Reads what Linux keeps under /proc/self; nothing elsewhere. Rejects where /proc cannot be read. */
export async function readLinux(families: ProcessFamilies, folder = "/proc/self"): Promise<void> {
  const [status, limits, fds] = await Promise.all([
    readFile(`${folder}/status`, "utf8"),
    readFile(`${folder}/limits`, "utf8"),
    readdir(`${folder}/fd`),
  ]);
  setKib(families.virtualMemory, status, /^VmSize:\s+(\d+) kB$/m);
  setKib(families.heap, status, /^VmData:\s+(\d+) kB$/m);
  // Less the one that reads the folder.
  families.openFds.set(fds.length - 1);
  families.maxFds.set(maxFdsOf(limits));
}

function setKib(gauge: ProcessFamilies["heap"], text: string, pattern: RegExp): void {
  const [, kib] = pattern.exec(text) ?? [];
  if (kib !== undefined) gauge.set(Number(kib) * KIB);
}

function maxFdsOf(limits: string): number {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  return soft === undefined || soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
