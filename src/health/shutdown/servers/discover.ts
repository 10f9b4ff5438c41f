import { subscribe, unsubscribe } from "node:diagnostics_channel";

// Node 20.12 and later; before, a server is found by its first request.
const LISTEN = "tracing:net.server.listen:asyncStart";

/** Tells of every server of the process that begins to listen; returns the end of it. */
export function watchListening(found: (server: unknown) => void): () => void {
  const onListen = (message: unknown): void => found((message as { server?: unknown }).server);
  subscribe(LISTEN, onListen);
  return () => void unsubscribe(LISTEN, onListen);
}
