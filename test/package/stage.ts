import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { mustRun } from "./run-program.js";

/** The package as npm would publish it, and a folder in which it is installed. */
export interface Stage {
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly packed: readonly string[];
  /** Folder with `node_modules/telltale`; programs below it can import the package. */
  readonly consumers: string;
}

/** The project's folder. */
const root = resolve(import.meta.dirname, "..", "..");

const CACHE = join(root, ".cache", "package");
const INPUTS = ["package.json", "tsconfig.json", "README.md", "CHANGELOG.md", "LICENSE", "docs", "src"];
/** Not copied: what is made, not written. */
const MADE: ReadonlySet<string> = new Set(["node_modules", "dist", ".cache", ".git", "coverage"]);
const KEEP_MS = 60 * 60_000;

/** Builds, packs and installs the package once for each state of the sources; later runs find it in the cache. */
export async function stagePackage(): Promise<Stage> {
  const folder = join(CACHE, fingerprint());
  if (!existsSync(folder)) await make(folder);
  const packed: { filename: string; files: { path: string }[] }[] = JSON.parse(
    readFileSync(join(folder, "pack.json"), "utf8"),
  );
  const [first] = packed;
  if (!first) throw new Error("npm pack made nothing");
  return {
    tarball: join(folder, first.filename),
    packed: first.files.map(({ path }) => path).sort(),
    consumers: join(folder, "consumers"),
  };
}

async function make(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) removeWhenOld(join(CACHE, name));
  const draft = mkdtempSync(join(CACHE, "draft-"));
  const publishable = join(draft, "package");
  for (const name of readdirSync(root).filter((one) => !MADE.has(one))) {
    cpSync(join(root, name), join(publishable, name), {
      recursive: true,
      filter: (path) => !MADE.has(basename(path)),
    });
  }
  await mustRun(process.execPath, [join(root, "scripts", "build.mjs"), join(publishable, "dist")], root);
  const packed = await mustRun(
    "npm",
    ["pack", "--ignore-scripts", "--json", "--pack-destination", draft],
    publishable,
  );
  writeFileSync(join(draft, "pack.json"), packed);
  rmSync(publishable, { recursive: true });
  await install(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another run may have finished the same stage first; its result serves as well.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
}

async function install(draft: string): Promise<void> {
  const consumers = join(draft, "consumers");
  mkdirSync(consumers);
  writeFileSync(join(consumers, "package.json"), '{ "private": true }\n');
  const tarball = readdirSync(draft).find((name) => name.endsWith(".tgz"));
  const { version } = JSON.parse(
    readFileSync(join(root, "node_modules", "@types", "node", "package.json"), "utf8"),
  );
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await mustRun("npm", ["install", ...flags, `../${tarball}`, `@types/node@${version}`], consumers);
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of INPUTS.flatMap(filesBelow))
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)));
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(name: string): string[] {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [name];
  const entries = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return entries.map((entry) => join(name, entry)).filter((entry) => statSync(join(root, entry)).isFile());
}

function removeWhenOld(path: string): void {
  if (Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path, { recursive: true, force: true });
}
