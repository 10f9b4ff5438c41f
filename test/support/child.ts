import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const KILL_AFTER_MS = 15_000;

/** How a process ended. */
export interface Ending {
  /** Exit code; undefined when it had to be killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface RunningChild {
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Waits until the output matches, and returns the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The log lines of an event so far, parsed. */
  events(name: string): Readonly<Record<string, unknown>>[];
  kill(signal: NodeJS.Signals): void;
  /** Waits for its end: the exit code, or the signal that it died of. */
  ended(): Promise<number | NodeJS.Signals>;
}

/** Runs scripts, in which `createObservability` exists, in processes of their own. */
export interface Children {
  run(script: string): Promise<Ending>;
  /** Writes a script that is run otherwise; returns its file. */
  write(script: string): string;
  /** Starts one and leaves it running, until the test is over at the latest. */
  start(script: string, env?: Readonly<Record<string, string>>): RunningChild;
  remove(): void;
}

/** Builds the package into one file beside the repository's node_modules. */
export function prepareChildren(): Children {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "child-"));
  const outfile = join(folder, "telltale.cjs");
  buildSync({
    entryPoints: [join(ROOT, "src", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  let count = 0;
  function write(script: string): string {
    const file = join(folder, `script-${count++}.cjs`);
    writeFileSync(file, `const { createObservability } = require("./telltale.cjs");\n${script}`);
    return file;
  }
  return {
    write,
    run: (script) => runScript(write(script)),
    start: (script, env = {}) => startScript(write(script), env),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function runScript(file: string): Promise<Ending> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], { timeout: KILL_AFTER_MS }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? undefined, stdout, stderr });
    });
  });
}

const PATIENCE = { timeout: 30_000, interval: 10 };

function startScript(file: string, env: Readonly<Record<string, string>>): RunningChild {
  const child = spawn(process.execPath, [file], {
    // Whether the tests run in Kubernetes is not for the script to know.
    env: { ...process.env, KUBERNETES_SERVICE_HOST: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ending = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    output: () => output,
    async printed(pattern) {
      await expect.poll(() => output, PATIENCE).toMatch(pattern);
      return pattern.exec(output) as RegExpExecArray;
    },
    events: (name) => eventsIn(output, name),
    kill: (signal) => void child.kill(signal),
    ended: () => ending,
  };
}

function eventsIn(output: string, name: string): Readonly<Record<string, unknown>>[] {
  const lines = output.split("\n").slice(0, -1);
  const parsed = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return parsed.filter((line) => line.event === name);
}
