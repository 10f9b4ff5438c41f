// Usage: node scripts/build.mjs [folder]     Default folder: dist
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { root, run } from "./run.mjs";

const target = resolve(root, process.argv[2] ?? "dist");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

// Compiled aside and then renamed, so that a reader of dist/ never meets half a build.
mkdirSync(join(root, ".cache"), { recursive: true });
const aside = mkdtempSync(join(root, ".cache", "build-"));
const { ok, output } = await run(process.execPath, [tsc, "-p", "tsconfig.json", "--outDir", aside]);
if (ok) {
  rmSync(target, { recursive: true, force: true });
  renameSync(aside, target);
} else {
  rmSync(aside, { recursive: true, force: true });
  console.error(output);
  process.exitCode = 1;
}
