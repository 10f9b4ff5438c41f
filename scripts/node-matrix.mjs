// Usage: node scripts/node-matrix.mjs 22 24 26     Prints the path of each binary.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root, run } from "./run.mjs";

const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** The package whose tarball holds the binary itself, without an install script. */
const platformPackage = `node-${process.platform}-${process.arch}`;

/** @param {NodeJS.ProcessEnv} env */
function cacheFolder(env) {
  return resolve(root, env.TELLTALE_CACHE ?? ".cache");
}

/** @param {string} folder @param {string} name */
function binaryIn(folder, name) {
  return join(folder, "node_modules", name, "bin", "node");
}

/** @param {string} binary @param {string} major */
async function isNode(binary, major) {
  if (!existsSync(binary)) return false;
  const { ok, output } = await run(binary, ["--version"]);
  return ok && output.startsWith(`v${major}.`);
}

/** @param {string} folder @param {string} spec */
function install(folder, spec) {
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  return run("npm", ["install", "--prefix", folder, ...flags, spec], {
    cwd: folder,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}

/**
 * The path of a Node binary of this major version, installed into the cache when it is not there yet.
 *
 * @param {string} major
 * @param {NodeJS.ProcessEnv} [env] `TELLTALE_CACHE` moves the cache; default: `.cache` in the project.
 * @returns {Promise<string>}
 */
export async function nodeBinary(major, env = process.env) {
  const folder = join(cacheFolder(env), "node", major);
  const names = ["node", platformPackage];
  for (const name of names) if (await isNode(binaryIn(folder, name), major)) return binaryIn(folder, name);

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const complaints = [];
  for (const name of names) {
    const { output } = await install(folder, `${name}@${major}`);
    if (await isNode(binaryIn(folder, name), major)) return binaryIn(folder, name);
    complaints.push(`${name}@${major}: ${output.trim() || "installed, but its binary does not run"}`);
  }
  throw new Error(`Node ${major} cannot be installed into ${folder}\n${complaints.join("\n")}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const major of process.argv.slice(2)) console.log(await nodeBinary(major));
}
