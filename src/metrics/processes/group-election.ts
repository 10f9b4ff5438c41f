import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { GroupFolder } from "./group-folder.js";

/** What an election makes of this process: the hub, or one that is connected to it. */
export type Elected =
  | { readonly server: Server; readonly place: number }
  | { readonly socket: Socket; readonly address: string };

const ATTEMPTS = 20;
const PAUSE_MS = 25;
// Reset: the hub closed before it took the connection.
const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET"]);

/**
 * Finds the hub, or becomes it. Each hub listens at a place of its own, one further than the last: binding is what
 * decides between two candidates, and no live socket file is ever mistaken for a stale one. Rejects when neither works.
 */
export async function elect(folder: GroupFolder): Promise<Elected> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 1) await setTimeout(PAUSE_MS * Math.random(), undefined, { ref: false });
    const elected = await attemptAt(folder, folder.newest());
    if (elected !== undefined) return elected;
  }
  throw new Error("no hub was found, and this process could not become it");
}

async function attemptAt(folder: GroupFolder, newest: number): Promise<Elected | undefined> {
  const address = folder.address(newest);
  const socket = newest === 0 ? undefined : await connectTo(address);
  if (socket !== undefined) return { socket, address };
  const place = newest + 1;
  const server = await listenAt(folder.address(place));
  if (server === undefined) return undefined;
  if (folder.newest() > place) {
    server.close();
    return undefined;
  }
  folder.mark(place);
  return { server, place };
}

/** Connects; undefined when nobody listens. Rejects when it cannot be known. */
export function connectTo(address: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const onError = (error: NodeJS.ErrnoException): void =>
      NOBODY.has(error.code ?? "") ? resolve(undefined) : reject(error);
    socket.unref();
    socket.once("error", onError);
    socket.once("connect", () => {
      socket.off("error", onError);
      resolve(socket);
    });
  });
}

// Exclusive: a worker of node:cluster would let its primary listen, and share.
function listenAt(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path: address, exclusive: true }, () => resolve(server));
  });
}
