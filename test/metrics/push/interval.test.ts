import { expect, it } from "vitest";
import type { PushClock } from "../../../src/metrics/push/clock.js";
import { startInterval } from "../../../src/metrics/push/interval.js";
import type { Transfer } from "../../../src/metrics/push/transfer.js";

const FAILED: Transfer = {
  result: { ok: false, outcome: "failed", attempts: 1, series: 0, bytes: 0, durationMs: 0 },
  retryAfterMs: 0,
};

/** Runs what is scheduled when told, and notes the delays. */
function manualClock(): { clock: PushClock; delays: number[]; tick(): Promise<void> } {
  const delays: number[] = [];
  let due: () => void = () => undefined;
  const unused = (): never => {
    throw new Error("not expected");
  };
  return {
    delays,
    clock: {
      now: unused,
      elapsed: unused,
      sleep: unused,
      random: () => 0.5,
      schedule(run, delayMs) {
        delays.push(delayMs);
        due = run;
        return () => undefined;
      },
    },
    async tick() {
      due();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it("adds no more than ten minutes at random, however often pushes failed", async () => {
  const { clock, delays, tick } = manualClock();
  startInterval({ intervalMs: 400_000, clock, push: () => Promise.resolve(FAILED) });
  for (let i = 0; i < 3; i++) await tick();
  expect(delays).toEqual([400_000, 600_000, 700_000, 700_000]);
});

it("is over at once when it is ended in the middle of a push", async () => {
  const { clock, delays, tick } = manualClock();
  let finish: (done: Transfer) => void = () => undefined;
  const push = (): Promise<Transfer> =>
    new Promise((resolve) => {
      finish = resolve;
    });
  const end = startInterval({ intervalMs: 1000, clock, push });
  await tick();
  end();
  finish(FAILED);
  await new Promise((resolve) => setImmediate(resolve));
  expect(delays).toEqual([1000]);
});
