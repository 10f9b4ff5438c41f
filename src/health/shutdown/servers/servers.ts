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
  /** Takes a server in; anything else, and a server of the observer's own, is passed over. */
  adopt(server: unknown): void;
  /** Takes in the server that a request came to. */
  seen(req: SeenRequest): void;
  has(server: unknown): boolean;
  all(): readonly TrackedServer[];
  /** Follows none of them any more. */
  release(): void;
}

/** Makes the list; a server that closes leaves it. */
export function createServers(): Servers {
  const known = new Map<unknown, TrackedServer>();
  let last: unknown;

  function follow(server: ServerTarget): TrackedServer {
    const tracked = trackServer(server);
    known.set(server, tracked);
    const onClose = (): void => {
      server.off("close", onClose);
      tracked.release();
      known.delete(server);
      last = undefined;
    };
    server.on("close", onClose);
    return tracked;
  }

  function adopt(server: unknown): TrackedServer | undefined {
    if (!isServer(server) || isOwn(server)) return undefined;
    return known.get(server) ?? follow(server);
  }

  function meet(socket: Connection, { stream }: SeenRequest): void {
    const { server } = socket as { server?: unknown };
    if (known.has(server)) return;
    adopt(server)?.note(socket, (stream as { session?: Session } | undefined)?.session);
  }

  return {
    adopt: (server) => void adopt(server),
    seen(req) {
      const { socket } = req as { socket?: (Connection & { server?: unknown }) | null };
      // One comparison for every request but the first of its server.
      if (socket == null || socket.server === last) return;
      last = socket.server;
      meet(socket, req);
    },
    has: (server) => known.has(server),
    all: () => [...known.values()],
    release() {
      for (const tracked of known.values()) tracked.release();
      known.clear();
    },
  };
}
