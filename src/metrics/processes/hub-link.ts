import type { Socket } from "node:net";
import { ASK, encodeFrame, FRAME, type Frame } from "./frames.js";
import { createAsks } from "./hub-asks.js";
import type { HubSources } from "./hub-sources.js";

/** Somebody whom the hub asks: a process at the other end of a connection, or the hub's own. */
export interface HubLink {
  readonly source: string;
  /** Resolves when what was asked for is part of the sum, or the link is gone. */
  ask(isQuiet: boolean): Promise<void>;
  /** Takes a frame that arrived. */
  receive(frame: Frame): void;
  /** Ends it. Idempotent. */
  end(): void;
}

/** What a link is made from. */
export interface HubLinkParts {
  readonly socket: Socket;
  readonly source: string;
  readonly sources: HubSources;
}

/** Makes the link to a process that has said who it is. */
export function createHubLink({ socket, source, sources }: HubLinkParts): HubLink {
  let isNew = true;
  const asks = createAsks((isQuiet) => {
    const isWhole = isNew || sources.wantsWhole(source);
    isNew = false;
    socket.write(encodeFrame(FRAME.ask, Buffer.of((isWhole ? ASK.whole : 0) | (isQuiet ? ASK.quiet : 0))));
  });

  return {
    source,
    ask: asks.ask,
    receive({ kind, payload }) {
      if (kind !== FRAME.update && kind !== FRAME.whole) return void socket.destroy();
      void sources.take(source, { payload, isWhole: kind === FRAME.whole }).then(asks.answered);
    },
    end() {
      asks.end();
      socket.destroy();
    },
  };
}
