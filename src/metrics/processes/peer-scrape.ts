import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { serialize } from "node:v8";
import type { PipeOptions } from "../types.js";
import { createFrameReader, encodeFrame, FRAME, type Frame } from "./frames.js";
import { connectTo } from "./group-election.js";

/** What came of a scrape that the hub was asked to answer. */
export type Proxied = "whole" | "nothing" | "left";

/** A scrape to be answered by the hub. */
export interface ProxyParts {
  readonly address: string;
  readonly writable: Writable;
  readonly options: PipeOptions;
  /** Longest silence of the hub, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Lets the hub answer a scrape and passes the bytes on as fast as they are read. "nothing": the hub could not be
 * reached, and nothing was written; "left": the reader went away. Rejects when the answer broke off.
 */
export async function proxyScrape(parts: ProxyParts): Promise<Proxied> {
  const socket = await connectTo(parts.address).catch(() => undefined);
  if (socket === undefined) return "nothing";
  try {
    return await passOn(socket, parts);
  } finally {
    socket.destroy();
  }
}

function passOn(socket: Socket, { writable, options, timeoutMs }: ProxyParts): Promise<Proxied> {
  let hasBegun = false;
  return new Promise((resolve, reject) => {
    const left = (): void => resolve("left");
    const resume = (): void => void socket.resume();
    const lost = (): void =>
      hasBegun ? reject(new Error("the hub stopped in the middle of an answer")) : resolve("nothing");

    function receive({ kind, payload }: Frame): void {
      if (kind === FRAME.end) return finish();
      if (kind !== FRAME.piece) return lost();
      hasBegun = true;
      if (!writable.write(payload)) socket.pause();
    }

    function finish(): void {
      if (options.end ?? true) writable.end();
      resolve("whole");
    }

    const reader = createFrameReader({ frame: receive, garbage: lost });
    reader.trust();
    writable.on("drain", resume);
    writable.once("close", left);
    socket.on("data", reader.push);
    socket.on("error", lost);
    socket.once("close", () => {
      writable.off("drain", resume);
      writable.off("close", left);
      lost();
    });
    // A hub that waits for a slow reader is silent too, and so is one that waits for silent processes.
    socket.setTimeout(timeoutMs, () => socket.isPaused() || lost());
    socket.write(encodeFrame(FRAME.scrape, serialize(options)));
  });
}
