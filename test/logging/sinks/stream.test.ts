import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createStreamSink } from "../../../src/logging/sinks/stream.js";
import { createHouse } from "../fakes.js";

function createLost() {
  const lost: string[] = [];
  return {
    lost,
    lose: (reason: string, lines: number, error?: unknown) =>
      void lost.push(`${error instanceof Error ? error.message : reason} ${lines}`),
  };
}

describe("a stream sink", () => {
  it("survives a stream that throws, rejects or emits an error, and goes on", async () => {
    const { lost, lose } = createLost();
    const answers: (() => unknown)[] = [
      () => {
        throw new Error("thrown");
      },
      () => Promise.reject(new Error("rejected")),
      () => true,
    ];
    const sink = createStreamSink({ write: () => answers.shift()?.() }, lose);
    for (let i = 0; i < 3; i++) sink.write("line\n");
    await new Promise((resolve) => setImmediate(resolve));
    expect(lost).toEqual(["thrown 1", "rejected 1"]);

    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("emitted")) });
    createStreamSink(stream, lose).write("line\n");
    await new Promise((resolve) => stream.once("close", resolve));
    expect(lost.slice(2)).toEqual(["emitted 1"]);
  });

  it("drops lines while more than 8 MB wait in the stream", () => {
    const { lost, lose } = createLost();
    const stream = new PassThrough();
    const sink = createStreamSink(stream, lose);
    const line = `${"x".repeat(1024 * 1024)}\n`;
    for (let i = 0; i < 20; i++) sink.write(line);
    expect(stream.writableLength + stream.readableLength).toBeLessThan(11 * line.length);
    expect(lost.length).toBeGreaterThan(5);
    expect(new Set(lost)).toEqual(new Set(["buffer_full 1"]));
  });

  it("waits at its close until the stream has taken what it was given, and does not end it", async () => {
    const taken: number[] = [];
    const stream = new Writable({
      highWaterMark: 10,
      write: (chunk: Buffer, _encoding, done) => {
        setImmediate(() => {
          taken.push(chunk.length);
          done();
        });
      },
    });
    const sink = createStreamSink(stream, () => undefined);
    for (let i = 0; i < 5; i++) sink.write("0123456789\n");
    await sink.close();
    expect(taken).toEqual([11, 11, 11, 11, 11]);
    expect(stream.writableEnded).toBe(false);
  });

  it("waits no longer than a second for a stream that is stuck", async () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined });
    const sink = createStreamSink(stuck, () => undefined);
    sink.write("line\n");
    await sink.close();
  });
});

describe("a logger on a broken stream", () => {
  it("notes the loss once and never throws", () => {
    const house = createHouse({
      destination: {
        write: () => {
          throw new Error("broken");
        },
      },
    });
    for (let i = 0; i < 100; i++) house.logger.info("x");
    expect(house.notes.map(({ message }) => message)).toEqual(["log output stream: broken (1 lines lost)"]);
  });

  it("may log from note without going round in circles", () => {
    const lines: string[] = [];
    const house = createHouse({
      destination: {
        write: (line) => {
          lines.push(line);
          throw new Error("broken");
        },
      },
    });
    house.notes.push = () => {
      house.logger.warn("told");
      return 1;
    };
    house.logger.info("x");
    expect(lines).toHaveLength(2);
  });
});
