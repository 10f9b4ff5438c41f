/** Time and chance, so that tests can hold both. */
export interface HealthClock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** 0 to 1. */
  random(): number;
  /** Calls `run` once, later; returns its cancellation. Never keeps the process alive. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clock of the system. */
export const systemClock: HealthClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
