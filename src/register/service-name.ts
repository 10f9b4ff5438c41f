import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { resourceAttributes } from "../options/tracing.js";
import type { Environment } from "../options.js";

// As OpenTelemetry specifies for a service that nobody has named.
const UNKNOWN = "unknown_service:node";

const LAUNCHERS = new Set(["npm-cli.js", "npx-cli.js", "yarn.js", "pnpm.cjs", "pnpx.cjs", "corepack.js"]);

/** True for a package manager that only starts the application, as under `NODE_OPTIONS="--import …" npm start`. */
export function isLauncher(script: string | undefined): boolean {
  return script !== undefined && LAUNCHERS.has(basename(realPath(script)));
}

/** The service's name where the environment gives none: that of the package it belongs to; undefined where one is given. */
export function fallbackService(env: Environment, script: string | undefined): string | undefined {
  const given =
    env["TELLTALE_SERVICE"] || env["OTEL_SERVICE_NAME"] || resourceAttributes(env)["service.name"];
  if (given) return undefined;
  return packageName(startOf(script)) ?? UNKNOWN;
}

// A program of a dependency, such as a framework's `start`, says nothing of the service: the folder it is run in does.
function startOf(script: string | undefined): string {
  const path = script === undefined ? undefined : realPath(script);
  return path === undefined || path.includes(`${sep}node_modules${sep}`) ? process.cwd() : dirname(path);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function packageName(folder: string): string | undefined {
  const name = nameIn(join(folder, "package.json"));
  const above = dirname(folder);
  return name ?? (above === folder ? undefined : packageName(above));
}

function nameIn(file: string): string | undefined {
  try {
    const { name }: { name?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof name === "string" && name.trim() !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
