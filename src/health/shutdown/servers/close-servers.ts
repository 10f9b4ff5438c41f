import { setTimeout } from "node:timers/promises";
import { type FindRequest, requestOf } from "./open-requests.js";
import type { Connection } from "./shapes.js";
import type { TrackedServer } from "./track.js";

const SWEEP_MS = 250;
const POLL_MS = 10;

/** Servers on their way to the end. */
export interface ClosingServers {
  /** True once no connection is left. */
  isEmpty(): boolean;
  /** Destroys idle connections, and those that never sent a byte: browsers open such ahead of need. */
  sweep(): void;
  /** Destroys what will not end by itself: upgraded connections and those with an open-ended response. */
  cutOpenEnded(): void;
  /** Destroys everything. */
  cutAll(): void;
}

/**
 * Stops accepting. Idle connections close at once, sessions of HTTP/2 once their streams have ended. `fault` hears of a
 * server that fails; the others go on.
 */
export function closeServers(
  servers: readonly TrackedServer[],
  find: FindRequest,
  fault: (error: unknown) => void,
): ClosingServers {
  const open = new Set(servers);
  const each = (run: (tracked: TrackedServer) => void): void => {
    for (const tracked of servers) attempt(() => run(tracked), fault);
  };

  each((tracked) => {
    // Called with an error where the service has closed it already, whose connections may still be open.
    tracked.server.close(() => open.delete(tracked));
    tracked.server.closeIdleConnections?.();
    for (const session of tracked.sessions) session.close();
  });

  return {
    isEmpty: () => open.size === 0 && servers.every(hasNothingOpen),
    sweep: () => each(sweepOne),
    cutOpenEnded: () =>
      each(({ http1 }) => {
        for (const connection of http1) if (isOpenEnded(connection, find)) connection.destroy();
      }),
    cutAll: () =>
      each(({ server, raw, http1, sessions }) => {
        server.closeAllConnections?.();
        for (const item of [...sessions, ...http1, ...raw]) item.destroy();
      }),
  };
}

/** Waits until the servers are empty and `work` is done, or the time is up: false then. */
export async function waitForEnd(
  closing: ClosingServers,
  { work, timeoutMs, openEndedMs }: { work: Promise<unknown>; timeoutMs: number; openEndedMs: number },
): Promise<boolean> {
  let working = true;
  void work.then(() => (working = false));
  const startedAt = performance.now();
  let nextSweepMs = SWEEP_MS;
  for (;;) {
    await setTimeout(POLL_MS);
    if (!working && closing.isEmpty()) return true;
    const passedMs = performance.now() - startedAt;
    if (passedMs >= timeoutMs) return false;
    if (passedMs >= openEndedMs) closing.cutOpenEnded();
    if (passedMs < nextSweepMs) continue;
    nextSweepMs = passedMs + SWEEP_MS;
    closing.sweep();
  }
}

function sweepOne({ server, raw, http1, sessions }: TrackedServer): void {
  server.closeIdleConnections?.();
  for (const session of sessions) session.close();
  for (const connection of http1) if (connection.bytesRead === 0) connection.destroy();
  // Below TLS: no handshake was begun.
  if (raw !== http1) for (const connection of raw) if (connection.bytesRead === 0) connection.destroy();
}

function isOpenEnded(connection: Connection, find: FindRequest): boolean {
  if (connection.parser == null) return true;
  const req = requestOf(connection);
  return req !== undefined && find(req)?.streaming === true;
}

function hasNothingOpen({ raw, http1, sessions }: TrackedServer): boolean {
  return raw.size === 0 && http1.size === 0 && sessions.size === 0;
}

function attempt(run: () => void, fault: (error: unknown) => void): void {
  try {
    run();
  } catch (error) {
    fault(error);
  }
}
