import { setTimeout as wait } from "node:timers/promises";

/** Time and chance, as pushing needs them. */
export interface PushClock {
  /** Unix time, milliseconds. */
  now(): number;
  /** Milliseconds that never go back. */
  elapsed(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. Keeps no process alive. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `run` once after so many milliseconds; returns the cancellation. Keeps no process alive. */
  schedule(run: () => void, delayMs: number): () => void;
  /** From 0 up to 1. */
  random(): number;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: PushClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  sleep: (delayMs, signal) => wait(delayMs, undefined, { ref: false, signal }).catch(() => undefined),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
