import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const WAIT_MS = 30_000;

/** A program of the examples or the docs, running against the built package. */
export interface Program {
  /** Everything it has printed so far. */
  output(): string;
  /** Waits until the output matches, and returns the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for it to end by itself; undefined when a signal killed it. */
  ended(): Promise<number | undefined>;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<number | undefined>;
}

/** Starts `node <file>` in the project's folder until the test is over; standard input is no terminal. */
export function startProgram(file: string, env: Record<string, string>): Program {
  if (!existsSync(join(ROOT, "dist", "index.js")))
    throw new Error("dist is missing: run `npm run build` first");
  const child = spawn(process.execPath, [file], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ending = endOf(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return {
    output: () => output,
    async printed(pattern) {
      await expect.poll(() => output, { timeout: WAIT_MS, interval: 20 }).toMatch(pattern);
      return pattern.exec(output) as RegExpExecArray;
    },
    ended: () => ending,
    stop(signal) {
      child.kill(signal);
      return ending;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? undefined)));
}

// What configures telltale on the machine that runs the tests is not for the programs.
function cleanEnvironment(): NodeJS.ProcessEnv {
  const mine = /^(TELLTALE|OTEL|JAEGER|LOG|DEMO|NODE_ENV|VITEST)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !mine.test(name)));
}
