import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const MEGABYTE = 2 ** 20;

interface Measured {
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly series: number;
}

function runChurn(): Measured[] {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "churn-"));
  try {
    const outfile = join(folder, "churn.cjs");
    const entryPoints = [join(import.meta.dirname, "churn-program.ts")];
    buildSync({ entryPoints, outfile, bundle: true, platform: "node", packages: "external" });
    return JSON.parse(execFileSync(process.execPath, ["--expose-gc", outfile], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("holds no more memory after a day of 300,000 users than after its first quarter, and gives it back when they are gone", () => {
  const [morning, night, after] = runChurn() as [Measured, Measured, Measured];
  expect(morning.series).toBeGreaterThan(3000);
  expect(Math.abs(night.series - morning.series)).toBeLessThan(100);
  expect(morning.heapUsed).toBeLessThan(20 * MEGABYTE);
  expect(night.heapUsed - morning.heapUsed).toBeLessThan(MEGABYTE);
  expect(night.arrayBuffers - morning.arrayBuffers).toBeLessThan(MEGABYTE / 4);
  expect(after.series).toBeLessThan(700);
  expect(after.heapUsed).toBeLessThan(night.heapUsed);
  // The tables that find a series stay as large as they were, the numbers go.
  expect(after.arrayBuffers).toBeLessThan(night.arrayBuffers - 50_000);
}, 120_000);
