import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Service, Where } from "./service.js";

const READY_MS = 60_000;
const POLL_MS = 100;
const TRIES = 3;

// Ends the server and removes its folder when the run is over, also when the run is killed.
const GUARD =
  'while kill -0 "$0" 2>/dev/null && kill -0 "$1" 2>/dev/null; do sleep 1; done; kill -9 "$1" 2>/dev/null; rm -rf "$2"';

/** Starts a server in a folder of its own below `run`; it ends with the run. Rejects with what it printed. */
export async function startServer(service: Service, program: string, run: string): Promise<string> {
  let printed = "";
  for (let i = 0; i < TRIES; i++) {
    const where: Where = {
      port: await freePort(),
      folder: mkdtempSync(join(run, `${service.name}-`)),
      programs: dirname(program),
    };
    const url = await tryStart(service, program, where);
    if (url !== undefined) return url;
    printed = readFileSync(join(where.folder, "output"), "utf8");
    rmSync(where.folder, { recursive: true, force: true });
  }
  throw new Error(`${program} did not become ready.\n${printed}`);
}

async function tryStart(service: Service, program: string, where: Where): Promise<string | undefined> {
  await service.prepare?.(where);
  const output = openSync(join(where.folder, "output"), "a");
  const server = spawn(program, service.args(where), {
    cwd: where.folder,
    stdio: ["ignore", output, output],
    detached: true,
  });
  server.on("error", (error) => writeFileSync(join(where.folder, "output"), String(error)));
  server.unref();
  if (server.pid === undefined) return undefined;
  writeFileSync(`${where.folder}.pid`, String(server.pid));
  guard(server.pid, where.folder);
  const url = service.url(where);
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && server.exitCode === null) {
    if (await service.isReady(url)) return url;
    await setTimeout(POLL_MS);
  }
  server.kill("SIGKILL");
  return undefined;
}

function guard(pid: number, folder: string): void {
  const run = process.env["TELLTALE_TEST_RUN"] ?? String(process.pid);
  spawn("sh", ["-c", GUARD, run, String(pid), folder], { stdio: "ignore", detached: true }).unref();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
