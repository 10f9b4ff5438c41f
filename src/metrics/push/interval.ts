import type { PushClock } from "./clock.js";
import type { Transfer } from "./transfer.js";

/** What an interval needs. */
export interface IntervalOptions {
  readonly intervalMs: number;
  readonly clock: PushClock;
  /** Pushes; undefined when a push is under way already. */
  push(): Promise<Transfer> | undefined;
}

const LONGEST_PAUSE_MS = 600_000;

/**
 * Pushes again and again; returns the end of it. While pushes fail, a random pause is added, from a range that doubles
 * each time; and no push comes before the receiver wants one.
 */
export function startInterval({ intervalMs, clock, push }: IntervalOptions): () => void {
  let failures = 0;
  let isOver = false;
  let cancel = clock.schedule(tick, intervalMs);

  function tick(): void {
    void run().then((pauseMs) => {
      if (!isOver) cancel = clock.schedule(tick, Math.max(intervalMs, pauseMs));
    });
  }

  async function run(): Promise<number> {
    const done = await push();
    if (done === undefined) return 0;
    const { result, retryAfterMs } = done;
    failures = result.outcome === "ok" || result.outcome === "partial" ? 0 : failures + 1;
    if (failures === 0) return 0;
    const range = Math.min(intervalMs * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    return Math.max(retryAfterMs, intervalMs + clock.random() * range);
  }

  return () => {
    isOver = true;
    cancel();
  };
}
