import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { serialize } from "node:v8";
import { expect, it, onTestFinished } from "vitest";
import {
  ASK,
  createFrameReader,
  encodeFrame,
  FRAME,
  type Frame,
} from "../../../src/metrics/processes/frames.js";
import { createSource } from "../../../src/metrics/processes/group-source.js";
import { acceptConnections } from "../../../src/metrics/processes/hub-connections.js";
import type { HubSources } from "../../../src/metrics/processes/hub-sources.js";
import type { PipeOptions } from "../../../src/metrics/types.js";
import { temporaryFolder } from "./fakes.js";

async function listen(): Promise<{ server: Server; address: string }> {
  const address = join(temporaryFolder(), "s");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(address, resolve));
  onTestFinished(() => void server.close());
  return { server, address };
}

/** A process that only notes what it is sent. */
function visitor(address: string): { socket: Socket; frames: Frame[] } {
  const socket = connect(address).on("error", () => undefined);
  const frames: Frame[] = [];
  const reader = createFrameReader({ frame: (frame) => frames.push(frame), garbage: () => undefined });
  reader.trust();
  socket.on("data", reader.push);
  onTestFinished(() => void socket.destroy());
  return { socket, frames };
}

async function hub(write = async (out: Writable): Promise<void> => void out.end("text")) {
  const calls: string[] = [];
  const scrapes: PipeOptions[] = [];
  const note = (name: string) => (source: string) => void calls.push(`${name} ${source.slice(-8)}`);
  const sources = {
    arrive: note("arrive"),
    depart: async (source: string) => note("depart")(source),
    take: async (source: string) => note("take")(source),
    wantsWhole: () => false,
  } as unknown as HubSources;
  const { server, address } = await listen();
  const connections = acceptConnections(
    { server, sources, report: () => undefined },
    async (out, options) => {
      scrapes.push(options);
      await write(out);
    },
  );
  return { address, calls, scrapes, connections };
}

const hello = (source: string) => encodeFrame(FRAME.hello, serialize(source));

it("asks whoever says who it is for everything, also one that comes back", async () => {
  const { address, calls } = await hub();
  const source = createSource();
  for (let i = 0; i < 2; i++) {
    const { socket, frames } = visitor(address);
    socket.write(hello(source));
    await expect.poll(() => frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ kind: FRAME.ask });
    expect(frames[0]?.payload[0]).toBe(ASK.whole | ASK.quiet);
    socket.destroy();
    await expect.poll(() => calls.filter((call) => call.startsWith("depart"))).toHaveLength(i + 1);
  }
});

it("knows a process that connects a second time by its new connection, and has not lost it", async () => {
  const { address, calls, connections } = await hub();
  const source = createSource();
  const [first, second] = [visitor(address), visitor(address)];
  first.socket.write(hello(source));
  await expect.poll(() => first.frames).toHaveLength(1);
  second.socket.write(hello(source));
  await expect.poll(() => first.socket.closed).toBe(true);
  await setTimeout(20);
  expect(calls.filter((call) => call.startsWith("depart"))).toEqual([]);
  expect(connections.links()).toHaveLength(1);
  second.socket.destroy();
  await expect.poll(() => calls.at(-1)).toMatch(/^depart/);
  expect(connections.links()).toEqual([]);
});

it("answers a scrape to its end, whatever the other side wishes", async () => {
  const { address, scrapes } = await hub();
  const { socket, frames } = visitor(address);
  socket.write(encodeFrame(FRAME.scrape, serialize({ format: "openmetrics", end: false })));
  await expect.poll(() => frames.map(({ kind }) => kind)).toEqual([FRAME.piece, FRAME.end]);
  expect(scrapes).toEqual([{ format: "openmetrics", end: true }]);
});

it("ends a connection that says something else than it may", async () => {
  const { address, calls } = await hub();
  const source = createSource();
  const wrong = [
    encodeFrame(FRAME.whole, serialize({})),
    encodeFrame(FRAME.hello, serialize("nobody")),
    encodeFrame(FRAME.scrape, serialize("text")),
    Buffer.concat([hello(source), encodeFrame(FRAME.scrape, serialize({}))]),
  ];
  for (const bytes of wrong) {
    const { socket } = visitor(address);
    socket.write(bytes);
    await expect.poll(() => socket.closed).toBe(true);
  }
  expect(calls.filter((call) => call.startsWith("take"))).toEqual([]);
});

it("writes no faster than the other side reads", async () => {
  const pieces = 200;
  let written = 0;
  const { address } = await hub(async (out) => {
    for (; written < pieces; written++)
      if (!out.write(Buffer.alloc(100_000))) await new Promise((resolve) => out.once("drain", resolve));
    out.end();
  });
  const { socket, frames } = visitor(address);
  socket.pause().write(encodeFrame(FRAME.scrape, serialize({})));
  await expect.poll(() => written).toBeGreaterThan(0);
  await setTimeout(100);
  expect(written).toBeLessThan(pieces / 2);
  socket.resume();
  await expect.poll(() => frames.at(-1)?.kind).toBe(FRAME.end);
  expect(written).toBe(pieces);
});
