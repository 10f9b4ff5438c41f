import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, onTestFinished } from "vitest";
import { parseExposition, value } from "../../support/exposition.js";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** One process of a service that has opened its port. */
export interface ServiceProcess {
  readonly pid: number;
  readonly port: number;
}

/** A service in several processes. */
export interface Service {
  readonly child: ChildProcess;
  /** The folder for temporary files that it has for itself. */
  readonly temporary: string;
  output(): string;
  /** The process that was started. */
  primary(): Promise<ServiceProcess>;
  /** Waits until so many workers have opened their ports, and answers all that ever did. */
  workers(count: number): Promise<ServiceProcess[]>;
  /** The port that the workers share. */
  shared(): Promise<number>;
  /** Waits until a worker is gone. */
  gone(pid: number): Promise<void>;
}

/** Builds the package into one file; answers its path. */
export function buildPackage(): { readonly file: string; remove(): void } {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "service-"));
  const file = join(folder, "telltale.cjs");
  buildSync({
    entryPoints: [join(ROOT, "src", "index.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts the service until the test is over. */
export function startService(packageFile: string, env: Record<string, string> = {}): Service {
  const temporary = mkdtempSync(join(tmpdir(), "tt-"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "service.cjs")], {
    env: { PATH: process.env["PATH"], TMPDIR: temporary, PACKAGE: packageFile, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const lines = (kind: string): ServiceProcess[] =>
    [...output.matchAll(/^\{"kind".*$/gm)]
      .map(([line]) => JSON.parse(line))
      .filter((line) => line.kind === kind);
  onTestFinished(async () => {
    for (const { pid } of [...lines("worker"), ...lines("primary")]) kill(pid, "SIGKILL");
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once("exit", resolve));
    rmSync(temporary, { recursive: true, force: true });
  });
  const atLeast = async (kind: string, count: number): Promise<ServiceProcess[]> => {
    await expect.poll(() => lines(kind).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count);
    return lines(kind);
  };
  return {
    child,
    temporary,
    output: () => output,
    primary: async () => (await atLeast("primary", 1))[0] as ServiceProcess,
    workers: (count) => atLeast("worker", count),
    shared: async () => (await atLeast("shared", 1))[0]?.port as number,
    gone: (pid) => expect.poll(() => lines("gone").map((line) => line.pid)).toContain(pid),
  };
}

/** Sends a signal to a process that may be gone. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
}

/** The body of an answer on a connection of its own. Rejects on anything but 200. */
export function fetchText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // node:cluster never answers a connection that it gave to a worker which died just then.
    const options = { port, path, host: "127.0.0.1", agent: false, timeout: 3_000 };
    const request = get(options, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      res.on("error", reject);
      res.on("close", () =>
        res.complete && res.statusCode === 200
          ? resolve(text)
          : reject(new Error(`status ${res.statusCode}`)),
      );
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
  });
}

/** What a scrape shows of one family; undefined where it shows nothing. */
export async function scrapeValue(
  port: number,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  return value(parseExposition(await fetchText(port, "/metrics")), name, labels);
}
