import { isOwn } from "./own-server.js";
import { type Connection, isServer, type ServerTarget, type Session } from "./shapes.js";
import { type TrackedServer, trackServer } from "./track.js";

/** A request that shows which server it came to. */
export interface SeenRequest {
  readonly socket?: unknown;
  readonly stream?: unknown;
}

/** The servers that a shutdown closes. */
export interface Servers {
  /**
   * Takes a server in; anything else, and a server of the observer's own, is passed over. Returns what lets go of it
   * again, where it was not known before.
   */
  adopt(server: unknown): () => void;
  /** Takes in the server that a request came to. */
  seen(req: SeenRequest): void;
  has(server: unknown): boolean;
  all(): readonly TrackedServer[];
  /** Follows none of them any more. */
  release(): void;
}

/** Makes the list; a server that closes leaves it. */
export function createServers(): Servers {
  const known = new Map<unknown, Known>();
  let last: unknown;

  function follow(server: ServerTarget): Known {
    const tracked = trackServer(server);
    const forget = (): void => {
      server.off("close", forget);
      tracked.release();
      known.delete(server);
      last = undefined;
    };
    server.on("close", forget);
    known.set(server, { tracked, forget });
    return { tracked, forget };
  }

  function adopt(server: unknown): Known | undefined {
    if (!isServer(server) || isOwn(server) || known.has(server)) return undefined;
    return follow(server);
  }

  function meet(socket: Connection, { stream }: SeenRequest): void {
    const { server } = socket as { server?: unknown };
    adopt(server)?.tracked.note(socket, (stream as { session?: Session } | undefined)?.session);
  }

  return {
    adopt: (server) => adopt(server)?.forget ?? nothing,
    seen(req) {
      const { socket } = req as { socket?: (Connection & { server?: unknown }) | null };
      // One comparison for every request but the first of its server.
      if (socket == null || socket.server === last) return;
      last = socket.server;
      meet(socket, req);
    },
    has: (server) => known.has(server),
    all: () => Array.from(known.values(), ({ tracked }) => tracked),
    release() {
      for (const { forget } of [...known.values()]) forget();
    },
  };
}

/** A server that is followed, and the end of it. */
interface Known {
  readonly tracked: TrackedServer;
  readonly forget: () => void;
}

const nothing = (): void => undefined;
