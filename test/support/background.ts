import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll } from "vitest";

const READY_MS = 20_000;
const POLL_MS = 50;
const KILL_AFTER_MS = 5000;

/** How a server is started. */
export interface BackgroundOptions {
  readonly program: string;
  /** Its arguments for a port of 127.0.0.1 and a folder of its own. */
  args(where: Background): string[];
  /** Answers 200 once the server is ready. */
  readonly readyPath: string;
}

/** Where a server listens and writes. */
export interface Background {
  readonly port: number;
  readonly url: string;
  /** Removed with the server. */
  readonly folder: string;
}

/** A server that runs. */
export interface Running extends Background {
  /** Ends it and removes its folder; a second call does nothing. */
  stop(): Promise<void>;
}

const running = new Set<Running>();
afterAll(() => Promise.all([...running].map((server) => server.stop())));

/** Starts a server that lives until the test file is over, at the longest. Rejects with what it printed when it is not ready in time. */
export async function startBackground(options: BackgroundOptions): Promise<Running> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "telltale-"));
  const where = { port, folder, url: `http://127.0.0.1:${port}` };
  const child = spawn(options.program, options.args(where), {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: folder,
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => printed.push(chunk));
  child.on("error", (error) => printed.push(Buffer.from(String(error))));
  const stopChild = superviseChild(child, folder);
  const server: Running = {
    ...where,
    async stop() {
      running.delete(server);
      await stopChild();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  running.add(server);
  if (await isReady(child, where.url + options.readyPath)) return server;
  await server.stop();
  throw new Error(`${options.program} did not become ready.\n${Buffer.concat(printed)}`);
}

// The guard ends the server when our end of its pipe closes, even if this process is killed.
const GUARD = 'cat >/dev/null; kill -9 "$0" 2>/dev/null; rm -rf "$1"';

function superviseChild(child: ChildProcess, folder: string): () => Promise<void> {
  const guard = spawn("sh", ["-c", GUARD, String(child.pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    for (const event of ["exit", "error"]) child.once(event, () => resolve());
  }).then(() => void guard.kill("SIGKILL"));
  return async () => {
    child.kill("SIGTERM");
    const late = new AbortController();
    const killed = setTimeout(KILL_AFTER_MS, undefined, late).then(
      () => child.kill("SIGKILL"),
      () => undefined,
    );
    await ended;
    late.abort();
    await killed;
  };
}

async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return true;
    await setTimeout(POLL_MS);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
