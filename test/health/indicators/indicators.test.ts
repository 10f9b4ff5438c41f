import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { totalmem } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import type { Indicator } from "../../../src/health/index.js";
import { disk } from "../../../src/health/indicators/disk.js";
import { eventLoop } from "../../../src/health/indicators/event-loop.js";
import { indicators } from "../../../src/health/indicators/index.js";
import { type MemoryReader, memory } from "../../../src/health/indicators/memory.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function run(indicator: Indicator): unknown {
  return indicator({ name: "x", signal: new AbortController().signal, previous: undefined });
}

const shown = (usage: string, status: string) => ({ status, usage });

describe("memory", () => {
  const roomy: MemoryReader = {
    heapUsedBytes: () => 1,
    heapLimitBytes: () => 100,
    rssBytes: () => 10,
    constrainedBytes: () => 0,
    totalBytes: () => 1000,
  };

  it("is the worse of the heap and the process", () => {
    expect(run(memory({}, roomy))).toEqual(shown("1%", "healthy"));
    expect(run(memory({}, { ...roomy, heapUsedBytes: () => 86 }))).toEqual(shown("86%", "degraded"));
    expect(run(memory({}, { ...roomy, rssBytes: () => 960 }))).toEqual(shown("96%", "unhealthy"));
  });

  it("goes by the container's limit, and by the machine where that is none or beyond it", () => {
    const at = (constrained: number) =>
      run(memory({}, { ...roomy, rssBytes: () => 90, constrainedBytes: () => constrained }));
    expect(at(100)).toEqual(shown("90%", "degraded"));
    for (const none of [0, 1.8e19, 2000]) expect(at(none)).toEqual(shown("9%", "healthy"));
  });

  it("takes limits of the service's own", () => {
    expect(run(memory({ degraded: 0.005, unhealthy: 0.009 }, roomy))).toEqual(shown("1%", "unhealthy"));
  });

  it("measures this process against the limit of the heap, not against what V8 has taken so far", () => {
    const { usage } = run(memory()) as { usage: string };
    expect(Number.parseInt(usage, 10)).toBeLessThan(85);
    expect(totalmem()).toBeGreaterThan(0);
  });
});

describe("disk", () => {
  it("is what df says: blocks kept for root count as used", async () => {
    const at = (blocks: number, bfree: number, bavail: number) =>
      run(disk({}, () => Promise.resolve({ blocks, bfree, bavail })));
    expect(await at(1000, 770, 770)).toEqual(shown("23%", "healthy"));
    expect(await at(1000, 200, 100)).toEqual(shown("89%", "degraded"));
    expect(await at(1000, 50, 0)).toEqual(shown("100%", "unhealthy"));
    expect(await at(0, 0, 0)).toEqual(shown("0%", "healthy"));
  });

  it("reads the disk of a path", async () => {
    expect(await run(disk({ path: import.meta.dirname }))).toEqual({
      status: expect.any(String),
      usage: expect.stringMatching(/^\d+%$/),
    });
    await expect(run(disk({ path: "/no/such/place" }))).rejects.toThrow("ENOENT");
  });
});

describe("eventLoop", () => {
  it("has nothing to say at first, then goes by the delay and by how busy the loop is", () => {
    let read = { p99Ms: 10, utilization: 0.5 };
    const calls: string[] = [];
    const indicator = eventLoop(
      {},
      { start: () => void calls.push("start"), read: () => read, stop: () => void calls.push("stop") },
    );
    expect(run(indicator)).toEqual({});
    expect(run(indicator)).toEqual({ status: "healthy", p99: "10 ms", utilization: "50%" });
    read = { p99Ms: 200, utilization: 0.5 };
    expect(run(indicator)).toMatchObject({ status: "degraded" });
    read = { p99Ms: 1000, utilization: 0.5 };
    expect(run(indicator)).toMatchObject({ status: "unhealthy" });
    read = { p99Ms: 1, utilization: 0.985 };
    expect(run(indicator)).toMatchObject({ status: "degraded" });
    indicator.dispose?.();
    expect(calls).toEqual(["start", "stop"]);
  });

  it("reads the loop of this process", async () => {
    const indicator = indicators.eventLoop();
    run(indicator);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(run(indicator)).toMatchObject({ p99: expect.stringMatching(/^\d+ ms$/) });
    indicator.dispose?.();
  });
});

describe("connections", () => {
  const left = (available: number) => run(indicators.connections(() => ({ available, total: 100 })));

  it("is degraded below a tenth and unhealthy at none", () => {
    expect(left(95)).toEqual({ status: "healthy", available: 95, total: 100 });
    expect(left(10)).toMatchObject({ status: "healthy" });
    expect(left(9)).toMatchObject({ status: "degraded" });
    expect(left(0)).toMatchObject({ status: "unhealthy" });
  });

  const core = { config: { connectionLimit: 10 }, _allConnections: [1, 2, 3], _freeConnections: [1] };
  it.each([
    ["pg", { options: { max: 10 }, totalCount: 3, idleCount: 1, waitingCount: 0 }],
    ["mysql2", core],
    ["mysql2/promise", { pool: core }],
    ["generic-pool", { max: 10, borrowed: 2, available: 1 }],
    ["tarn", { max: 10, numUsed: () => 2 }],
    ["knex", { pool: { max: 10, numUsed: () => 2 } }],
  ])("reads a pool of %s", (_, pool) => {
    expect(run(indicators.connections(pool))).toEqual({ status: "healthy", available: 8, total: 10 });
  });

  it("refuses what is no pool", () => {
    expect(() => indicators.connections({})).toThrow("connections: found a pool of no known shape");
  });
});

describe("the others", () => {
  it("queue goes by its length", async () => {
    const at = (length: number) => run(indicators.queue(() => length, { degraded: 10, unhealthy: 20 }));
    expect(await at(9)).toEqual({ status: "healthy", length: 9 });
    expect(await at(10)).toEqual({ status: "degraded", length: 10 });
    expect(await at(20)).toEqual({ status: "unhealthy", length: 20 });
  });

  it("circuit is degraded while a breaker is not closed, and never worse", () => {
    const words = [
      { opened: true },
      { opened: false, halfOpen: true },
      { state: 1 },
      { state: 3 },
      { state: "open" },
      () => "half_open",
    ].map((breaker) => (run(indicators.circuit(breaker)) as { status: string }).status);
    expect(words).toEqual(Array(6).fill("degraded"));
    for (const closed of [{ opened: false }, { state: 0 }, () => "closed"])
      expect(run(indicators.circuit(closed))).toEqual({ status: "healthy", isOpen: false });
  });

  it("http asks by HEAD, by GET where there is none, and takes 2xx only", async () => {
    const seen: string[] = [];
    let code = 200;
    const server = createServer((req, res) => {
      seen.push(String(req.method));
      res.writeHead(req.method === "HEAD" && code === 299 ? 405 : code).end();
    }).listen(0, "127.0.0.1");
    closers.push(
      () => void server.close(),
      () => server.closeAllConnections(),
    );
    await new Promise((resolve) => server.once("listening", resolve));
    const check = indicators.http(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await run(check)).toEqual({ status: "healthy", statusCode: 200 });
    code = 299;
    expect(await run(check)).toEqual({ status: "healthy", statusCode: 299 });
    code = 404;
    expect(await run(check)).toEqual({ status: "unhealthy", statusCode: 404 });
    expect(seen).toEqual(["HEAD", "HEAD", "GET", "HEAD"]);
  });

  it("tcp connects and lets go, or says why not", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await run(indicators.tcp({ port, host: "127.0.0.1" }));
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    await expect(run(indicators.tcp({ port, host: "127.0.0.1" }))).rejects.toThrow("ECONNREFUSED");
  });

  it("server is well while it listens", () => {
    expect(
      [{ listening: true }, { listening: false }].map((target) => run(indicators.server(target))),
    ).toEqual([true, false]);
  });
});
