import type { Server, Socket } from "node:net";
import type { Writable } from "node:stream";
import { deserialize } from "node:v8";
import type { PipeOptions } from "../types.js";
import { createFrameReader, FRAME, type Frame } from "./frames.js";
import { isSource } from "./group-source.js";
import { createHubLink, type HubLink } from "./hub-link.js";
import { serveScrape } from "./hub-serve.js";
import type { HubSources } from "./hub-sources.js";

/** Who is connected to a hub. */
export interface HubConnections {
  links(): HubLink[];
  /** Ends them all, and listens no longer. */
  close(): void;
}

/** What connections are made from. */
export interface ConnectionParts {
  readonly server: Server;
  readonly sources: HubSources;
  report(error: unknown): void;
}

type Scrape = (writable: Writable, options: PipeOptions) => Promise<void>;

/** Takes the connections of a server: processes that say who they are, and scrapes that they hand on. */
export function acceptConnections(
  { server, sources, report }: ConnectionParts,
  scrape: Scrape,
): HubConnections {
  const links = new Map<string, HubLink>();
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket.unref());
    socket.on("close", () => sockets.delete(socket));
    converse(socket, meet);
  });
  // A connection that could not be taken (too many open files) is tried again by whoever wanted it.
  server.on("error", report);

  function meet(socket: Socket, { kind, payload }: Frame): HubLink | undefined {
    const said = read(payload);
    if (kind === FRAME.hello && isSource(said)) return join(socket, said);
    if (kind !== FRAME.scrape || typeof said !== "object" || said === null) return void socket.destroy();
    const options = { ...said, end: true };
    return void serveScrape(socket, (out) => scrape(out, options)).catch(() => socket.destroy());
  }

  function join(socket: Socket, source: string): HubLink {
    const link = createHubLink({ socket, source, sources });
    links.get(source)?.end();
    links.set(source, link);
    sources.arrive(source);
    socket.on("close", () => part(link));
    void link.ask(true);
    return link;
  }

  function part(link: HubLink): void {
    link.end();
    if (links.get(link.source) !== link) return;
    links.delete(link.source);
    void sources.depart(link.source);
  }

  return {
    links: () => [...links.values()],
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Hands the first frame to `meet`, and those after it to the link that it made. */
function converse(socket: Socket, meet: (socket: Socket, frame: Frame) => HubLink | undefined): void {
  let link: HubLink | undefined;
  const reader = createFrameReader({
    frame(frame) {
      if (link !== undefined) return link.receive(frame);
      link = meet(socket, frame);
      if (link !== undefined) reader.trust();
    },
    garbage: () => socket.destroy(),
  });
  socket.on("data", reader.push);
  socket.on("error", () => socket.destroy());
}

function read(payload: Buffer): unknown {
  try {
    return deserialize(payload);
  } catch {
    return undefined;
  }
}
