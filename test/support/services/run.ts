import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { runFolder } from "./global-setup.js";
import { findProgram } from "./programs.js";
import type { Service } from "./service.js";
import { startServer } from "./start.js";

const WAIT_MS = 100;
const PATIENCE_MS = 120_000;

/** Finds a server or starts it; files and workers of one run share the one that is started. */
export async function findOrStart(service: Service): Promise<string> {
  const given = process.env[service.env];
  if (given !== undefined && given !== "") return given;
  if (await service.isReady(service.usualUrl)) return service.usualUrl;
  const folder = runFolder();
  mkdirSync(folder, { recursive: true });
  const record = join(folder, `${service.name}.url`);
  return (
    readRecord(record) ??
    (await oneAtATime(`${record}.lock`, async () => readRecord(record) ?? start(service, record)))
  );
}

async function start(service: Service, record: string): Promise<string> {
  const url = await startServer(service, await findProgram(service), runFolder());
  // Moved as a whole: nobody reads half of it.
  writeFileSync(`${record}.part`, url);
  renameSync(`${record}.part`, record);
  return url;
}

function readRecord(record: string): string | undefined {
  return existsSync(record) ? readFileSync(record, "utf8") : undefined;
}

async function oneAtATime<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!take(lock)) {
    if (performance.now() > deadline) throw new Error(`${lock} is held by another test file for too long.`);
    await setTimeout(WAIT_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
