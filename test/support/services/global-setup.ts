import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const POLL_MS = 50;
const KILL_AFTER_MS = 5000;

/** Where the servers of this run keep what they write. */
export function runFolder(): string {
  return join(tmpdir(), `telltale-services-${process.env["TELLTALE_TEST_RUN"] ?? process.pid}`);
}

/** Vitest calls it once, before any test file, and what it returns when all are done: the servers that were started are stopped. */
export default function setup(): () => Promise<void> {
  process.env["TELLTALE_TEST_RUN"] = String(process.pid);
  return async () => {
    const folder = runFolder();
    if (!existsSync(folder)) return;
    const pids = readdirSync(folder).filter((file) => file.endsWith(".pid"));
    await Promise.all(pids.map((file) => end(Number(readFileSync(join(folder, file), "utf8")))));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function end(pid: number): Promise<void> {
  signal(pid, "SIGTERM");
  const deadline = performance.now() + KILL_AFTER_MS;
  while (signal(pid, 0) && performance.now() < deadline) await setTimeout(POLL_MS);
  signal(pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
