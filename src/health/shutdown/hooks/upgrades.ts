import type { ShutdownHook } from "./hooks.js";

/** A WebSocket server as `ws` has it. */
export interface WebSocketServerLike {
  readonly clients: Iterable<{ close(code?: number, reason?: string): unknown }>;
}

// RFC 6455, 7.4.1: the endpoint is going away.
const GOING_AWAY = 1001;

/** Makes the hook that says goodbye: what it is given, or one that closes each client of a WebSocket server with 1001. */
export function closeUpgraded(target: ShutdownHook | WebSocketServerLike): ShutdownHook {
  if (!isWebSocketServer(target)) return target;
  return () => {
    for (const client of target.clients) client.close(GOING_AWAY, "going away");
  };
}

function isWebSocketServer(target: unknown): target is WebSocketServerLike {
  return (
    typeof target === "object" && target !== null && Symbol.iterator in Object(Reflect.get(target, "clients"))
  );
}
