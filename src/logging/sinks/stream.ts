import type { LossReport } from "./losses.js";
import type { SinkMaker } from "./maker.js";
import type { StreamSinkOptions } from "./options.js";
import { required } from "./rules.js";
import type { Sink } from "./sink.js";

/** Anything that takes lines: a Node stream, a socket, an array in a test. */
export interface LineTarget {
  write(line: string): unknown;
}

/** What a Node stream has beyond `write`; each part is used when it is there. */
interface StreamParts {
  readonly isTTY?: unknown;
  readonly writableLength?: unknown;
  readonly writableNeedDrain?: unknown;
  on?(event: "error", listener: (error: unknown) => void): unknown;
  once?(event: "drain" | "close", listener: () => void): unknown;
}

/** An object of the service's own with `write(line)`. */
export const stream: SinkMaker = {
  to: "stream",
  keys: {
    stream: required({
      expected: "an object with write(line)",
      accepts: (value) =>
        typeof value === "object" && value !== null && typeof Reflect.get(value, "write") === "function",
    }),
  },
  open: ({ stream: target }: StreamSinkOptions, { lose }) => createStreamSink(target, lose),
};

const MAX_PENDING_BYTES = 8 * 1024 * 1024;
const CLOSE_WAIT_MS = 1000;

/**
 * A sink on a caller's stream. What the stream throws, emits as `error` or rejects with is told and dropped;
 * a stream that has 8 MB waiting gets no more lines. The stream stays the caller's: `close` never ends it.
 */
export function createStreamSink(target: LineTarget, lose: LossReport): Sink {
  const out = target as LineTarget & StreamParts;
  out.on?.("error", (error) => lose("write_failed", 1, error));

  function write(line: string): void {
    try {
      if (Number(out.writableLength ?? 0) > MAX_PENDING_BYTES) return lose("buffer_full", 1);
      const result = out.write(line);
      if (isThenable(result)) result.then(undefined, (error: unknown) => lose("write_failed", 1, error));
    } catch (error) {
      lose("write_failed", 1, error);
    }
  }

  return {
    isTty: out.isTTY === true,
    write,
    flushSync: () => undefined,
    reopen: () => undefined,
    close: () => drained(out),
  };
}

function drained(stream: StreamParts): Promise<void> {
  if (stream.writableNeedDrain !== true || stream.once === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_WAIT_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    stream.once?.("drain", done);
    stream.once?.("close", done);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
