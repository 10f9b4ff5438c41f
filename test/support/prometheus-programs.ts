import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, "..", "..", ".cache");
const HOME = join(CACHE, "prometheus");
const LOCK = join(CACHE, "prometheus.lock");
const WAIT_MS = 100;
const DOWNLOAD_TIMEOUT_MS = 120_000;

/** The Debian package of each program. */
const PACKAGES = {
  prometheus: "prometheus",
  promtool: "prometheus",
  "prometheus-pushgateway": "prometheus-pushgateway",
} as const;

/** A program of the Prometheus project that the tests use. */
export type PrometheusProgram = keyof typeof PACKAGES;

/** The path of a program: from PATH or `.cache/prometheus`, else downloaded there. Rejects, naming it, when it cannot be had. */
export async function findProgram(name: PrometheusProgram): Promise<string> {
  return installed(name) ?? (await oneAtATime(() => installed(name) ?? download(name)));
}

function installed(name: PrometheusProgram): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), HOME, join(HOME, "usr", "bin")];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

// Test files run side by side, and one download is enough. The lock of a process that died is taken over.
async function oneAtATime<T>(work: () => T | Promise<T>): Promise<T> {
  mkdirSync(CACHE, { recursive: true });
  while (!takeLock()) await setTimeout(WAIT_MS);
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!isHeld()) rmSync(LOCK, { force: true });
    return false;
  }
}

function isHeld(): boolean {
  try {
    const pid = Number(readFileSync(LOCK, "utf8"));
    // Another process may be about to write its number.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Unpacked beside, then moved as a whole: nobody sees half a program.
async function download(name: PrometheusProgram): Promise<string> {
  const folder = mkdtempSync(join(CACHE, "prometheus-download-"));
  try {
    await fetchPackages(folder);
    for (const file of await readdir(folder)) {
      await run("dpkg-deb", ["-x", join(folder, file), folder]);
      rmSync(join(folder, file));
    }
    if (!existsSync(HOME)) renameSync(folder, HOME);
    else for (const program of Object.keys(PACKAGES)) adopt(folder, program);
  } catch (error) {
    throw new Error(missing(name, error), { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const path = installed(name);
  if (path === undefined) throw new Error(missing(name, "the package holds no such program"));
  return path;
}

async function fetchPackages(folder: string): Promise<void> {
  const args = ["download", ...new Set(Object.values(PACKAGES))];
  const options = { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS };
  try {
    await run("apt-get", args, options);
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    await run("apt-get", ["update"], options);
    await run("apt-get", args, options);
  }
}

function adopt(folder: string, program: string): void {
  mkdirSync(join(HOME, "usr", "bin"), { recursive: true });
  const [from, to] = [folder, HOME].map((root) => join(root, "usr", "bin", program)) as [string, string];
  if (existsSync(from) && !existsSync(to)) renameSync(from, to);
}

function missing(name: PrometheusProgram, error: unknown): string {
  return [
    `${name}: found neither on PATH nor in .cache/prometheus, and the download failed.`,
    `Install the Debian package ${PACKAGES[name]}, or put the program into .cache/prometheus.`,
    String(error),
  ].join("\n");
}
