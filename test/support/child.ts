import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..");
const KILL_AFTER_MS = 15_000;

/** How a process ended. */
export interface Ending {
  /** Exit code; undefined when it had to be killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs scripts, in which `createObservability` exists, in processes of their own. */
export interface Children {
  run(script: string): Promise<Ending>;
  /** Writes a script that is run otherwise; returns its file. */
  write(script: string): string;
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
