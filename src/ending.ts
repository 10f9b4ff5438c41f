import type { Attachments } from "./attachments.js";
import type { Detach } from "./collector.js";
import type { HttpFace } from "./collectors/http/face.js";
import type { HttpServer } from "./collectors/http/server/server.js";
import type { Health } from "./health/index.js";
import { createShutdown, type Shutdown } from "./health/shutdown/index.js";
import type { Management } from "./management.js";
import type { Settings } from "./options.js";
import type { Signals } from "./signals.js";

/** What ends with an instance. */
export interface EndingParts {
  readonly settings: Settings;
  readonly signals: Signals;
  readonly health: Health;
  readonly server: HttpServer;
  /** What undoes the attachments. */
  readonly undo: readonly Detach[];
  readonly management: Pick<Management, "close">;
}

/** The end of an instance: `close()`, and the shutdown of the service, whose last phases are the same. */
export interface Ending {
  readonly shutdown: Shutdown;
  /** Never rejects; a second call returns the first's promise. */
  close(): Promise<void>;
}

/** Makes the end. The endpoints are closed after everything has been sent: whoever asks meanwhile is answered. */
export function createEnding({ settings, signals, health, server, undo, management }: EndingParts): Ending {
  const flush = once(async () => {
    health.drain();
    health.stopChecks();
    for (const detach of undo) signals.faults.guard("close", detach);
    await signals.flush();
  });
  const closeEndpoints = once(async () => {
    await management.close();
    await health.close();
    signals.close();
  });
  const shutdown = createShutdown({
    settings: settings.health.shutdown,
    steps: {
      drain: health.drain,
      stopChecks: health.stopChecks,
      flush,
      flushLogs: signals.flushLogs,
      close: closeEndpoints,
    },
    find: server.find,
    declare: signals.catalog.for("health"),
    tracer: signals.tracing.tracer,
    log: signals.logger.component("shutdown"),
  });
  return {
    shutdown,
    close: once(async () => {
      shutdown.release();
      await flush();
      await closeEndpoints();
    }),
  };
}

/** Lets the shutdown know each server, and each Fastify instance, that is observed. */
export function adoptServers<T extends Pick<Attachments, "instrument" | "use"> & Pick<HttpFace, "fastify">>(
  face: T,
  adopt: Shutdown["adopt"],
): T {
  const { instrument, use, fastify } = face;
  const joined = new WeakMap<Detach, Detach>();
  // A target that is attached twice has one way to be detached.
  const join = (detach: Detach, target: unknown): Detach => {
    const letGo = adopt(target);
    const known = joined.get(detach) ?? bothOf(detach, letGo);
    joined.set(detach, known);
    return known;
  };
  const plugin: HttpFace["fastify"] = (instance, options, done) => {
    adopt(instance);
    fastify(instance, options, done);
  };
  return {
    ...face,
    instrument(target, options) {
      return join(instrument(target, options), target);
    },
    use(collector, target, options) {
      return join(use(collector, target, options), target);
    },
    // With the marks that Fastify knows a plugin by.
    fastify: Object.assign(plugin, fastify),
  } satisfies Pick<T, "instrument" | "use" | "fastify"> as T;
}

function bothOf(first: Detach, second: Detach): Detach {
  return () => {
    first();
    second();
  };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= run());
}
