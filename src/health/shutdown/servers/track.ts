import { type Connection, isHttp2, isTls, type ServerTarget, type Session, type Stream } from "./shapes.js";

/** The headers of an HTTP/2 request. */
export type StreamHeaders = Readonly<Record<string, unknown>>;

/** A server and what is open on it. */
export interface TrackedServer {
  readonly server: ServerTarget;
  /** TCP connections; of a TLS server those below the encrypted ones. */
  readonly raw: ReadonlySet<Connection>;
  /** Connections that speak HTTP/1, or have been upgraded from it. */
  readonly http1: ReadonlySet<Connection>;
  readonly sessions: ReadonlySet<Session>;
  /** Open requests of HTTP/2. */
  readonly streams: ReadonlyMap<Stream, StreamHeaders>;
  /** Adds a connection that was there before its server was known. */
  note(connection: Connection, session: Session | undefined): void;
  /** Listens no more. */
  release(): void;
}

/** Follows the connections of a server by its own events: one closure for each, nothing for a request of HTTP/1. */
export function trackServer(server: ServerTarget): TrackedServer {
  const raw = new Set<Connection>();
  const http1 = isTls(server) || isHttp2(server) ? new Set<Connection>() : raw;
  const sessions = new Set<Session>();
  const streams = new Map<Stream, StreamHeaders>();
  const onConnection = keepIn(raw);
  const onSession = keepIn(sessions);
  const keepHttp1 = keepIn(http1);
  const onSecure = (connection: Connection): void => {
    if (connection.alpnProtocol !== "h2") keepHttp1(connection);
  };
  const onStream = (stream: Stream, headers: StreamHeaders): void => {
    streams.set(stream, headers);
    stream.once("close", () => streams.delete(stream));
  };
  const listeners: [string, (...args: never[]) => void][] = [["connection", onConnection]];
  if (isTls(server)) listeners.push(["secureConnection", onSecure]);
  if (isHttp2(server)) listeners.push(["session", onSession], ["stream", onStream]);
  for (const [event, listener] of listeners) server.on(event, listener);
  return {
    server,
    raw,
    http1,
    sessions,
    streams,
    note(connection, session) {
      if (session !== undefined) onSession(session);
      else if (isTls(server)) onSecure(connection);
      else onConnection(connection);
    },
    release() {
      for (const [event, listener] of listeners) server.off(event, listener);
    },
  };
}

function keepIn<T extends Stream>(set: Set<T>): (item: T) => void {
  return (item) => {
    set.add(item);
    item.once("close", () => set.delete(item));
  };
}
