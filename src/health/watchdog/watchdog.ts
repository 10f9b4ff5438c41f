import { Worker } from "node:worker_threads";
import { ObservabilityError } from "../../errors.js";
import type { Stall } from "../types.js";
import { type WorkerMessage, type WorkerSettings, watch } from "./worker.js";

/** Where the watchdog listens. */
export interface WatchdogSettings {
  /** 0 takes a free one, which the log tells. */
  readonly port: number;
  /** Default: every interface. */
  readonly host?: string;
}

/** What a watchdog is made from. */
export interface WatchdogParts extends Omit<WorkerSettings, "shared"> {
  /** The word of the group `live`. */
  isLive(): boolean;
  onListen(port: number): void;
  onFault(error: unknown): void;
}

/** A thread that answers `/live` while this one may not be able to. */
export interface Watchdog {
  /** The last time that this thread's heart did not beat for a sample. */
  lastStall(): Stall | undefined;
  /** Ends the thread. */
  close(): Promise<void>;
}

const BEAT_MS = 250;
const MAX_HEAP_MB = 32;

/**
 * Starts the thread. It counts the samples at which this thread's heart has not beaten for as long as a sample, and
 * answers 503 from the `threshold`th in a row on; none is counted under an inspector.
 */
export function startWatchdog({ isLive, onListen, onFault, ...settings }: WatchdogParts): Watchdog {
  const shared = new SharedArrayBuffer(16);
  const beatMs = Math.min(BEAT_MS, settings.sampleMs / 4);
  const stalls = createStalls(beatMs, settings.sampleMs);
  const beat = createBeat(shared, isLive);
  beat();
  const timer = setInterval(() => {
    stalls.beat();
    beat();
  }, beatMs).unref();
  const worker = startWorker({ ...settings, shared });
  worker.on("message", (message: WorkerMessage) => {
    if ("port" in message) onListen(message.port);
    else onFault(refusal(settings, message.error));
  });
  worker.on("error", onFault);
  worker.unref();
  return {
    lastStall: stalls.last,
    async close() {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}

function createStalls(beatMs: number, sampleMs: number): { beat(): void; last: Watchdog["lastStall"] } {
  let beatAtMs = performance.now();
  let last: Stall | undefined;
  return {
    last: () => last,
    beat() {
      const durationMs = Math.round(performance.now() - beatAtMs - beatMs);
      beatAtMs = performance.now();
      if (durationMs >= sampleMs) last = { durationMs, endedAt: new Date().toISOString() };
    },
  };
}

function createBeat(shared: SharedArrayBuffer, isLive: () => boolean): () => void {
  const beat = new BigInt64Array(shared, 0, 1);
  const flags = new Int32Array(shared, 8, 2);
  // A Node that was built without an inspector has none.
  const inspector = process.getBuiltinModule("node:inspector") as { url?(): string | undefined } | undefined;
  return () => {
    Atomics.store(flags, 0, inspector?.url?.() === undefined ? 0 : 1);
    Atomics.store(flags, 1, isLive() ? 0 : 1);
    Atomics.store(beat, 0, process.hrtime.bigint());
  };
}

// Text rather than a file, so that bundles need no second entry; some bundlers wrap functions in `__name`.
function startWorker(workerData: WorkerSettings): Worker {
  return new Worker(`const __name = (f) => f;\n(${watch.toString()})();`, {
    eval: true,
    name: "telltale-watchdog",
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
}

function refusal({ port, host }: Pick<WatchdogParts, "port" | "host">, why: string): ObservabilityError {
  const where = host === undefined ? `port ${port}` : `${host}:${port}`;
  return new ObservabilityError(
    "TELLTALE_LISTEN",
    `health.liveness.watchdog: cannot listen on ${where}: ${why}.`,
  );
}
