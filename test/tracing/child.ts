import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");
const PATIENCE_MS = 15_000;

/** The tracing floor as JavaScript, for processes of its own. */
export interface Compiled {
  /** Runs `script`, in which `createTracing` and `note` exist, and reads what it wrote; rejects when it does not end by itself. */
  run(script: string): Promise<unknown>;
  remove(): void;
}

/** Transpiles src/tracing beside the repository's node_modules. */
export function compileTracing(): Compiled {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const dir = mkdtempSync(join(root, ".cache", "tracing-"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ type: "commonjs", version: "0.0.0" }));
  for (const path of [
    "errors.ts",
    ...readdirSync(join(root, "src/tracing"), { recursive: true, encoding: "utf8" }).map((name) =>
      join("tracing", name),
    ),
  ]) {
    if (path.endsWith(".ts"))
      transpile(join(root, "src", path), join(dir, "dist", path.replace(/ts$/, "js")));
  }
  return { run: (script) => runScript(dir, script), remove: () => rmSync(dir, { recursive: true }) };
}

function transpile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2023,
    esModuleInterop: true,
  };
  writeFileSync(to, ts.transpileModule(readFileSync(from, "utf8"), { compilerOptions }).outputText);
}

async function runScript(dir: string, script: string): Promise<unknown> {
  const file = join(dir, `script-${Math.random().toString(36).slice(2)}.js`);
  const preamble = `
    const { createTracing } = require("./dist/tracing/index.js");
    const notes = [];
    const note = (part, error) => notes.push(part + ": " + error.message);
    const tell = (value) => process.stdout.write(JSON.stringify(value));
    const settings = { service: "child", resource: {}, headers: {}, sampleRatio: 1 };
    process.on("unhandledRejection", (error) => { process.stderr.write("unhandled " + error); process.exit(9); });
  `;
  writeFileSync(file, `${preamble}(async () => {${script}})();`);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: PATIENCE_MS });
  return JSON.parse(stdout);
}
