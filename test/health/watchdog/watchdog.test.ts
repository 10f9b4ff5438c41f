import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWatchdog, type WatchdogParts } from "../../../src/health/watchdog/watchdog.js";
import { type Children, prepareChildren } from "../../support/child.js";
import { ask } from "../fakes.js";

const PATIENCE_MS = 30_000;
const SLOW = { timeout: 90_000 };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const parts = (own: Partial<WatchdogParts> = {}): WatchdogParts => ({
  port: 0,
  host: "127.0.0.1",
  sampleMs: 1000,
  threshold: 5,
  paths: ["/live"],
  detailed: true,
  isLive: () => true,
  onListen: () => undefined,
  onFault: () => undefined,
  ...own,
});

function start(own: Partial<WatchdogParts> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const watchdog = startWatchdog(parts({ onListen: resolve, onFault: reject, ...own }));
    closers.push(() => watchdog.close());
  });
}

describe("the watchdog", () => {
  it("answers /live and nothing else, as the other endpoints do", SLOW, async () => {
    const port = await start();
    const answer = await ask(port, "/live/?x=1");
    expect([answer.status, answer.json()["checks"]]).toEqual([200, { eventLoop: { status: "healthy" } }]);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect((await ask(port, "/live", "HEAD")).status).toBe(200);
    const post = await ask(port, "/live", "POST");
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect((await ask(port, "/metrics")).status).toBe(404);
  });

  it("tells what the group live says, and of the loop only what may be told", SLOW, async () => {
    let isLive = true;
    const port = await start({ isLive: () => isLive, detailed: false, sampleMs: 100 });
    expect(Object.keys((await ask(port, "/live")).json())).toEqual(["status", "timestamp"]);
    isLive = false;
    await expect.poll(async () => (await ask(port, "/live")).status, { timeout: PATIENCE_MS }).toBe(503);
  });

  it("tells of a port that is taken, and harms nobody", SLOW, async () => {
    const port = await start();
    const fault = await new Promise<unknown>((resolve) => void start({ port, onFault: resolve }));
    expect(fault).toMatchObject({
      code: "TELLTALE_LISTEN",
      message: expect.stringContaining(
        `health.liveness.watchdog: cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`,
      ),
    });
  });

  it("lets its port go when it is closed", SLOW, async () => {
    const port = await start();
    await closers.pop()?.();
    await expect(ask(port, "/live")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("in a process of its own", () => {
  let children: Children;
  beforeAll(() => {
    children = prepareChildren();
    return () => children.remove();
  });

  const SERVICE = `
    const obs = createObservability({ service: "chat", logging: { level: "info" },
      health: { indicators: [], liveness: { sampleMs: 200, watchdog: { port: 0, host: "127.0.0.1" } } } });
    const server = require("node:http").createServer(obs.health.handler).listen(0, "127.0.0.1");
    process.on("message", (ms) => {
      if (ms === "port") return process.send({ port: server.address().port });
      const end = Date.now() + ms;
      process.send("blocked");
      setImmediate(() => { while (Date.now() < end); process.send("free"); });
    });`;

  function startService(execArgv: string[] = []): { child: ChildProcess; port: Promise<number> } {
    const file = children.write(SERVICE);
    const child = spawn(process.execPath, [...execArgv, file], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    closers.push(() => child.kill("SIGKILL"));
    const port = new Promise<number>((resolve) => {
      let out = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        out += String(chunk);
        const found = /"event":"health_watchdog".*?"port":(\d+)/.exec(out)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
    });
    return { child, port };
  }

  /** What `/live` on the service's own port says of the last stall. */
  async function stallOf(child: ChildProcess): Promise<unknown> {
    const port = new Promise<number>((resolve) => {
      child.once("message", (message) => resolve((message as { port: number }).port));
    });
    child.send("port");
    const answer = await ask(await port, "/live");
    expect([answer.status, answer.json()["status"]]).toEqual([200, "healthy"]);
    return answer.json()["lastStall"];
  }

  it("says 503 while the event loop is blocked and 200 when it goes on", SLOW, async () => {
    const { child, port: listening } = startService();
    const port = await listening;
    const live = async (): Promise<unknown> => (await ask(port, "/live")).status;
    expect(await live()).toBe(200);
    const messages: unknown[] = [];
    child.on("message", (message) => messages.push(message));
    child.send(6000);
    await expect.poll(live, { timeout: PATIENCE_MS }).toBe(503);
    expect(messages).toEqual(["blocked"]);
    await expect.poll(live, { timeout: PATIENCE_MS }).toBe(200);
    expect(messages).toEqual(["blocked", "free"]);
    expect(await stallOf(child)).toMatchObject({
      durationMs: expect.any(Number),
      endedAt: expect.any(String),
    });
  });

  it("lets a block pass that misses fewer samples than are allowed", SLOW, async () => {
    const port = await start({ sampleMs: 100, threshold: 1000 });
    const seen = new Set<number>();
    const end = Date.now() + 500;
    while (Date.now() < end);
    for (let i = 0; i < 5; i++) seen.add((await ask(port, "/live")).status);
    expect([...seen]).toEqual([200]);
  });

  it("counts nothing under an inspector", SLOW, async () => {
    const { child, port: listening } = startService(["--inspect=127.0.0.1:0"]);
    const port = await listening;
    const free = new Promise<void>((resolve) => {
      child.on("message", (message) => message === "free" && resolve());
    });
    const seen = new Set<number>();
    child.send(3000);
    let done = false;
    void free.then(() => (done = true));
    while (!done) seen.add((await ask(port, "/live")).status);
    expect([...seen]).toEqual([200]);
  });

  it("keeps no process alive", SLOW, async () => {
    const ended = await children.run(
      `createObservability({ service: "chat", health: { liveness: { watchdog: { port: 0 } } } });`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  });
});
