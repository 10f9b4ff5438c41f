import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Service } from "./service.js";

const run = promisify(execFile);

const HOME = join(import.meta.dirname, "..", "..", "..", ".cache", "services");
const TIMEOUT_MS = 300_000;
const FOLDERS = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin"];

/** The path of a server's program: installed, else installed now. Rejects with what is missing and how to get it. */
export async function findProgram(
  service: Service,
  get: (service: Service) => Promise<void> = fetchPackages,
): Promise<string> {
  const found = installed(service);
  if (found !== undefined) return found;
  try {
    await get(service);
  } catch (error) {
    throw missing(service, error);
  }
  const path = installed(service);
  if (path === undefined) throw missing(service, "the packages hold no such program");
  return path;
}

function installed({ programs, name }: Service): string | undefined {
  const system = ["/", join(HOME, name)].flatMap((root) => FOLDERS.map((folder) => join(root, folder)));
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...system];
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find((path) => existsSync(path));
}

function fetchPackages(service: Service): Promise<void> {
  return process.getuid?.() === 0 ? install(service) : unpack(service);
}

async function install({ packages }: Service): Promise<void> {
  const options = { timeout: TIMEOUT_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const get = ["install", "-y", "--no-install-recommends", ...packages];
  await run("apt-get", get, options).catch(async () => {
    await run("apt-get", ["update"], options);
    await run("apt-get", get, options);
  });
}

// Without root the packages are unpacked into .cache, with all that they need and this machine does not have.
async function unpack({ name, packages }: Service): Promise<void> {
  mkdirSync(HOME, { recursive: true });
  const folder = mkdtempSync(join(HOME, "download-"));
  const options = { cwd: folder, timeout: TIMEOUT_MS };
  try {
    const { stdout } = await run(
      "apt-get",
      ["-s", "install", "--no-install-recommends", ...packages],
      options,
    );
    const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, found]) => found as string);
    await run("apt-get", ["download", ...names], options);
    for (const file of readdirSync(folder)) {
      await run("dpkg-deb", ["-x", join(folder, file), folder]);
      rmSync(join(folder, file));
    }
    if (!existsSync(join(HOME, name))) renameSync(folder, join(HOME, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function missing({ name, env, usualUrl, packages, programs }: Service, cause: unknown): Error {
  const lines = [
    `${name}: no server in ${env} nor at ${usualUrl}, no program ${programs.join(" or ")}, and it could not be installed.`,
    `Install the Debian package ${packages.join(", ")}, or start one with \`docker compose up -d ${name}\`, or set ${env}.`,
    String(cause),
  ];
  return new Error(lines.join("\n"), { cause });
}
