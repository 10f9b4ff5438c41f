import { createServer, IncomingMessage, request, type Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Duplex, PassThrough, Writable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../family-fixture.js";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: (res: ServerResponse) => unknown): Promise<number> {
  const server = createServer((_req, res) => void answer(res));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Reads an answer as slowly as its reader pleases: `onChunk` is called before each next chunk. */
async function get(port: number, onChunk: () => Promise<void>): Promise<string> {
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, host: "127.0.0.1", agent: false }, resolve).on("error", reject).end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of res) {
    chunks.push(chunk as Buffer);
    await onChunk();
  }
  return Buffer.concat(chunks).toString();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function declareMany(count: number): Fixture & { incAll(value: number): void } {
  const fixture = createFixture({ maxSeriesPerFamily: 100_000 });
  const counter = fixture.metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] });
  const handles = Array.from({ length: count }, (_, i) => counter.labels(`${i} ${"x".repeat(80)}`));
  return { ...fixture, incAll: (value) => void handles.map((handle) => handle.inc(value)) };
}

/** Every line must be whole, in order, and show a value that its series had at some time. */
function expectWhole(text: string, count: number, values: ReadonlySet<number>): void {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines).toHaveLength(count);
  for (const [i, line] of lines.entries()) {
    const prefix = `c_total{a="${i} ${"x".repeat(80)}"} `;
    const isWhole = line.startsWith(prefix) && values.has(Number(line.slice(prefix.length)));
    if (!isWhole) expect.fail(`line ${i} is "${line}"`);
  }
}

describe("pipeTo()", () => {
  it("gives slow concurrent scrapes whole texts while the numbers change and change their length", async () => {
    const count = 30_000;
    const { metrics, incAll } = declareMany(count);
    const values = new Set([0]);
    let total = 0;
    const change = async (): Promise<void> => {
      const value = total < 20 ? 1 : 7 * total;
      total += value;
      values.add(total);
      incAll(value);
      await turn();
    };
    const port = await listen((res) => metrics.pipeTo(res));
    const changing = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i++) await change();
    };
    const texts = await Promise.all([
      get(port, () => changing(1)),
      get(port, turn),
      get(port, () => changing(2)),
      changing(5),
    ]);
    for (const text of texts.slice(0, 3)) expectWhole(text as string, count, values);
  });

  it("does not change bytes that a response has not sent yet", async () => {
    const { metrics, incAll } = declareMany(10);
    const held: Buffer[] = [];
    const socket = new Duplex({
      writableHighWaterMark: 1_000_000,
      read: () => undefined,
      // Keeps the bytes it was given, and never says that they left.
      writev: (chunks) => void held.push(...chunks.map(({ chunk }) => chunk as Buffer)),
    });
    const res = new ServerResponse(new IncomingMessage(socket as Socket));
    res.assignSocket(socket as Socket);
    const before = await metrics.text();
    // Without a rest: the socket takes one gathering write, and none after it.
    await metrics.pipeTo(res, { end: false, sliceMs: Number.POSITIVE_INFINITY });
    res.uncork();
    incAll(7);
    expect(await metrics.text()).not.toBe(before);
    const body = Buffer.concat(held).toString().split("\r\n\r\n")[1] ?? "";
    expectWhole(body.replaceAll(/^[0-9a-f]+\r\n|\r$/gm, ""), 10, new Set([0]));
  });

  it("does not change what a stream that passes chunks on still holds", async () => {
    const { metrics, incAll } = declareMany(2000);
    const through = new PassThrough({ highWaterMark: 10_000_000 });
    await metrics.pipeTo(through);
    incAll(7);
    await metrics.text();
    let text = "";
    for await (const chunk of through) text += String(chunk);
    expectWhole(text, 2000, new Set([0]));
  });

  it("resolves when the reader goes away, leaves no listener and lets the next one read all", async () => {
    const { metrics } = declareMany(30_000);
    const left: number[] = [];
    const port = await listen(async (res) => {
      const listeners = (): number => res.listenerCount("drain") + res.listenerCount("close");
      const before = listeners();
      await metrics.pipeTo(res);
      left.push(listeners() - before);
    });
    await new Promise<void>((resolve) => {
      const req = request({ port, host: "127.0.0.1", agent: false }, (res) =>
        res.once("data", () => req.destroy()),
      );
      req
        .on("error", () => undefined)
        .on("close", resolve)
        .end();
    });
    while (left.length === 0) await turn();
    expect(left).toEqual([0]);
    expectWhole(await get(port, turn), 30_000, new Set([0]));
  });

  it("resolves when the writable fails, and leaves the error to whoever listens for it", async () => {
    const { metrics } = declareMany(10);
    const errors: unknown[] = [];
    const writable = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => done(new Error("full")),
    });
    writable.on("error", (error) => errors.push(error.message));
    await metrics.pipeTo(writable);
    expect(errors).toEqual(["full"]);
    expect(writable.listenerCount("close")).toBe(0);
  });

  it("writes nothing to a writable that was destroyed before", async () => {
    const { metrics } = declareMany(10);
    const writable = new PassThrough();
    writable.destroy();
    await metrics.pipeTo(writable);
    expect(writable.writableEnded).toBe(false);
  });

  it("leaves the writable open when asked to", async () => {
    const { metrics } = declareMany(1);
    const through = new PassThrough();
    await metrics.pipeTo(through, { end: false });
    through.end("# more\n");
    let text = "";
    for await (const chunk of through) text += String(chunk);
    expect(text.endsWith(" 0\n# more\n")).toBe(true);
  });
});
