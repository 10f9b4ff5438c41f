import type { Socket } from "node:net";
import { serialize } from "node:v8";
import { ASK, createFrameReader, encodeFrame, FRAME, type Frame } from "./frames.js";
import type { Teller } from "./peer-teller.js";

/** A process that is connected to the hub of its group. */
export interface Peer {
  /** Ends the connection. */
  close(): void;
}

/** What a peer is made from. */
export interface PeerParts {
  /** Connected to the hub. */
  readonly socket: Socket;
  readonly source: string;
  readonly teller: Teller;
  /** The connection has ended; whether the hub ever asked. */
  onEnd(wasAsked: boolean): void;
  report(error: unknown): void;
}

/** Says who it is, and answers the hub from then on. Does not keep the process alive. */
export function createPeer({ socket, source, teller, onEnd, report }: PeerParts): Peer {
  let wasAsked = false;

  async function answer({ payload }: Frame): Promise<void> {
    wasAsked = true;
    const flags = payload[0] ?? 0;
    const isWhole = (flags & ASK.whole) !== 0;
    const told = await teller.tell({ isWhole, isQuiet: (flags & ASK.quiet) !== 0 });
    if (!socket.destroyed) socket.write(encodeFrame(isWhole ? FRAME.whole : FRAME.update, told));
  }

  function fail(error: unknown): void {
    report(error);
    socket.destroy();
  }

  const reader = createFrameReader({
    frame(frame) {
      if (frame.kind === FRAME.ask) void answer(frame).catch(fail);
      else socket.destroy();
    },
    garbage: () => socket.destroy(),
  });
  socket.on("data", reader.push);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => onEnd(wasAsked));
  socket.write(encodeFrame(FRAME.hello, serialize(source)));
  return { close: () => void socket.destroy() };
}
