import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "..", "..");
const MODULES = [
  "errors.ts",
  "process-exit.ts",
  ...readdirSync(join(ROOT, "src/logging"), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `logging/${file}`),
];

/** A copy of the logging floor as the package ships it, for child processes. */
export interface Compiled {
  readonly dir: string;
  /** Runs a program that finds `createLogger` in scope. */
  run(program: string, options?: RunOptions): Promise<Ended>;
  remove(): void;
}

export interface RunOptions {
  /** Milliseconds before the parent begins to read what the child prints. */
  readDelayMs?: number;
  /** Ends the child's standard output at once. */
  closeStdout?: boolean;
  /** Sent as soon as the child has written to standard error. */
  signal?: NodeJS.Signals;
  env?: Record<string, string>;
  /** Kills the child when its standard error ends so. */
  killOn?: string;
}

export interface Ended {
  code: number | null;
  /** The signal that ended it. */
  signal: NodeJS.Signals | null;
  lines: string[];
  stderr: string;
}

const PRELUDE = `
const { createLogger } = require("./logging/index.js");
const notes = [];
const drops = [];
const make = (settings) => createLogger({ service: "chat", level: "info", levels: {}, clientAddress: "masked", format: "json", redact: [], ...settings },
  { logChunk: () => "", note: (part, error) => notes.push(part + " " + error.message),
    dropped(sink, reason, lines) {
      const last = drops.at(-1) ?? "";
      const [name, why, count] = last.split(" ");
      if (name === sink && why === reason) drops[drops.length - 1] = [sink, reason, Number(count) + lines].join(" ");
      else drops.push([sink, reason, lines].join(" "));
    } });
`;

/** Compiles the floor into a directory of its own. */
export function compile(): Compiled {
  const dir = mkdtempSync(join(tmpdir(), "telltale-logging-"));
  writeFileSync(join(dir, "package.json"), '{"type":"commonjs"}');
  symlinkSync(join(ROOT, "node_modules"), join(dir, "node_modules"));
  for (const file of MODULES) {
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    const { outputText } = ts.transpileModule(readFileSync(join(ROOT, "src", file), "utf8"), {
      compilerOptions: options,
    });
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file.replace(/\.ts$/, ".js")), outputText);
  }
  return {
    dir,
    run: (program, options = {}) => run(dir, PRELUDE + program, options),
    remove: () => rmSync(dir, { recursive: true }),
  };
}

function run(cwd: string, program: string, options: RunOptions): Promise<Ended> {
  const child = spawn(process.execPath, ["-e", program], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  let stdout = "";
  let stderr = "";
  let late: NodeJS.Timeout | undefined;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    if (stderr === "" && options.signal !== undefined) child.kill(options.signal);
    stderr += chunk;
    if (options.killOn !== undefined && stderr.endsWith(options.killOn)) child.kill("SIGKILL");
  });
  const read = (): void =>
    void child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  if (options.closeStdout === true) child.stdout.destroy();
  else late = setTimeout(read, options.readDelayMs ?? 0);
  return new Promise((resolve) => {
    child.on("exit", () => {
      if (options.killOn === undefined) return;
      clearTimeout(late);
      child.stdout.destroy();
    });
    child.on("close", (code, signal) =>
      resolve({ code, signal, lines: stdout.split("\n").slice(0, -1), stderr }),
    );
  });
}
