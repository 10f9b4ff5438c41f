import type { Hooks } from "./hooks/hooks.js";
import type { Servers } from "./servers/servers.js";

/** A Fastify instance, as far as its end goes. */
interface Closable {
  readonly server: object;
  close(): unknown;
}

/**
 * Makes what takes in a target of `instrument()`: a server, or a Fastify instance with its server. Fastify answers 503 on
 * every route from its close() on, so that comes after the last request, for its onClose hooks. Returns what lets go of
 * a server again.
 */
export function createAdoption(servers: Servers, hooks: Hooks): (target: unknown) => () => void {
  const known = new WeakSet<object>();
  return (target) => {
    if (!isFastify(target)) return servers.adopt(target);
    // An encapsulated instance has the server, and the close(), of its root.
    const { server } = target;
    if (!known.has(server)) hooks.add("fastify", () => target.close());
    known.add(server);
    return servers.adopt(server);
  };
}

function isFastify(target: unknown): target is Closable {
  if (typeof target !== "object" || target === null) return false;
  const { addHook, close, server } = target as { addHook?: unknown; close?: unknown; server?: unknown };
  return (
    typeof addHook === "function" &&
    typeof close === "function" &&
    typeof server === "object" &&
    server !== null
  );
}
