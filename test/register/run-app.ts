import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, expect, onTestFinished } from "vitest";
import { parseExposition, table } from "../support/exposition.js";
import { PATIENCE } from "../support/service.js";

const ROOT = join(import.meta.dirname, "..", "..");
const APPS = join(import.meta.dirname, "apps");

/** A line of an app's output that is JSON. */
export type Line = Readonly<Record<string, unknown>>;

/** An app that runs in a process of its own. */
export interface App {
  readonly child: ChildProcess;
  /** Where the app listens. */
  readonly url: string;
  /** What it has printed so far. */
  printed(): string;
  lines(): Line[];
  /** Where register listens; once it has said so. */
  management(): Promise<string>;
  /** A family of the management port's exposition, by the values of some labels. */
  counts(family: string, labels: string[]): Promise<Record<string, number>>;
  /** Resolves with the exit code once the process has ended by itself. */
  ended(): Promise<number | null>;
}

/** How an app is run. */
export interface RunOptions {
  readonly preload?: "--import" | "--require" | "none";
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
}

/** The package in two files, beside the repository's node_modules: what is preloaded and what an app imports are two copies. */
export function buildRegister(): { register: string; main: string } {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "register-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const bundle = (entry: string): string => {
    const outfile = join(folder, `${entry}.cjs`);
    const entryPoints = [join(ROOT, "src", `${entry}.ts`)];
    buildSync({
      entryPoints,
      outfile,
      bundle: true,
      platform: "node",
      packages: "external",
      logLevel: "error",
    });
    return outfile;
  };
  return { register: bundle("register"), main: bundle("index") };
}

/** Starts an app of `apps/` under register; it is killed at the end of the test if it has not ended before. */
export async function runApp(register: string, file: string, options: RunOptions = {}): Promise<App> {
  const { preload = "--import", env = {}, args = [], flags = [] } = options;
  const preloading = preload === "none" ? [] : [preload, register];
  const child = spawn(process.execPath, [...preloading, ...flags, join(APPS, file), ...args], {
    env: { ...cleanEnvironment(), TELLTALE_PORT: "0", TELLTALE_HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  const lines = (): Line[] => linesOf(output);
  const find = async (key: string): Promise<Line> => {
    await expect.poll(() => lines().some((line) => key in line), { ...PATIENCE, message: output }).toBe(true);
    return lines().find((line) => key in line) as Line;
  };
  const management = async (): Promise<string> => String((await find("url"))["url"]);
  return {
    child,
    url: `http://127.0.0.1:${(await find("port"))["port"]}`,
    printed: () => output,
    lines,
    management,
    async counts(family, labels) {
      const text = await (await fetch(`${await management()}/metrics`)).text();
      return table(parseExposition(text), family, labels);
    },
    ended: () => exit,
  };
}

function linesOf(output: string): Line[] {
  return output.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === "object" && value !== null ? [value as Line] : [];
    } catch {
      return [];
    }
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TELLTALE|OTEL|NODE_OPTIONS|VITEST)/.test(name)),
  );
}
