// Usage: node scripts/test.mjs [--matrix] [arguments for vitest]
//   --matrix, or TELLTALE_NODE_MATRIX=22,24,26, runs the suite under those versions of Node as well.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { nodeBinary } from "./node-matrix.mjs";
import { root, run } from "./run.mjs";
import { sum, tally, verdict } from "./tally.mjs";

/** @typedef {import("./tally.mjs").Tally} Tally */

const SUITE_TIMEOUT_MS = 20 * 60_000;
const MATRIX = "22,24,26";
const STEPS = ["build", "typecheck", "lint:style", "lint:promises", "lint:unused"];

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const ownMajor = process.versions.node.split(".")[0] ?? "";
const filters = process.argv.slice(2).filter((argument) => argument !== "--matrix");

/** The other versions of Node that were asked for. */
function otherMajors() {
  const asked = process.env.TELLTALE_NODE_MATRIX ?? (process.argv.includes("--matrix") ? MATRIX : "");
  const majors = asked.split(/[\s,]+/).filter(Boolean);
  return [...new Set(majors)].filter((major) => major !== ownMajor);
}

/** @param {string} name @param {Tally} count @param {number} startedAt */
function report(name, count, startedAt) {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const mark = count.failed === 0 ? "✓" : "✗";
  console.log(`${mark} ${name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  return count;
}

/** @param {string} name a script of package.json @returns {Promise<Tally>} */
async function step(name) {
  const startedAt = Date.now();
  const { ok, output } = await run("npm", ["run", "--silent", name]);
  if (ok) console.log(`✓ ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  else console.log(`✗ ${name}\n${output.trimEnd()}\n`);
  return { passed: 0, failed: ok ? 0 : 1 };
}

/** @param {string} file @returns {import("./tally.mjs").Report | undefined} */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.log(`vitest wrote no report: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** @param {string} name @param {string} binary @returns {Promise<Tally>} */
async function suite(name, binary) {
  const startedAt = Date.now();
  const file = join(root, ".cache", "results", `${name.replace(" ", "-")}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  console.log(`\n${name}: ${binary}`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH ?? ""}` };
  const options = { env, timeoutMs: SUITE_TIMEOUT_MS, show: true };
  const { ok, output } = await run(binary, [vitest, "run", ...reporters, ...filters], options);
  if (output) console.log(output);
  return report(name, tally(readReport(file), ok), startedAt);
}

/** @param {string} major @returns {Promise<Tally>} */
async function suiteUnder(major) {
  try {
    return await suite(`node ${major}`, await nodeBinary(major));
  } catch (error) {
    console.log(`\n✗ node ${major}: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
}

async function runAll() {
  const tallies = [];
  for (const name of STEPS) tallies.push(await step(name));
  tallies.push(await suite(`node ${ownMajor}`, process.execPath));
  for (const major of otherMajors()) tallies.push(await suiteUnder(major));
  return sum(tallies);
}

const total = await runAll().catch((error) => {
  console.log(error);
  return { passed: 0, failed: 1 };
});
console.log(`\n${verdict(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
