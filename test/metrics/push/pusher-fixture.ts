import { onTestFinished } from "vitest";
import type { MetricsOptions } from "../../../src/metrics/index.js";
import type { PushClock } from "../../../src/metrics/push/clock.js";
import { openPusher, type PushParts } from "../../../src/metrics/push/index.js";
import type { Pusher, PushOptions, PushResult } from "../../../src/metrics/push/types.js";
import type { MetricsSettings } from "../../../src/metrics/types.js";
import { createFixture, type Fixture } from "../family-fixture.js";

/** When the process of the tests began, and what the clock shows first. */
export const START_MS = 1_700_000_000_000;

/** A clock that is moved by hand: sleeping takes no time but moves it. */
export interface FakeClock extends PushClock {
  nowMs: number;
  chance: number;
  readonly slept: number[];
  /** Lets so much time pass, and calls what was due meanwhile. */
  pass(ms: number): void;
}

/** Metrics, a clock, and pushers of them. */
export interface PushFixture extends Fixture {
  readonly time: FakeClock;
  readonly results: PushResult[];
  readonly faults: string[];
  /** What was asked to be called before the exit, and is still. */
  readonly exits: Set<() => void>;
  open(options: PushOptions, parts?: Partial<PushParts>): Pusher;
}

export function createPushFixture(
  settings: Partial<MetricsSettings> = {},
  options: MetricsOptions = {},
): PushFixture {
  const fixture = createFixture(settings, options);
  const time = createClock();
  const results: PushResult[] = [];
  const faults: string[] = [];
  const exits = new Set<() => void>();
  return {
    ...fixture,
    time,
    results,
    faults,
    exits,
    open(push, parts = {}) {
      const pusher = openPusher(push, {
        clock: time,
        startMs: START_MS,
        sender: { service: "chat", instance: "host-1", resource: { "telemetry.sdk.name": "telltale" } },
        view: fixture.metrics.view,
        apart: (work) => work(),
        onResult: (_settings, result) => void results.push(result),
        onFault: (name, error) => void faults.push(`${name}: ${String(error)}`),
        onBeforeExit(listener) {
          exits.add(listener);
          return () => exits.delete(listener);
        },
        ...parts,
      });
      onTestFinished(() => pusher.close());
      return pusher;
    },
  };
}

function createClock(): FakeClock {
  const due: { run: () => void; atMs: number }[] = [];
  const clock: FakeClock = {
    nowMs: START_MS,
    chance: 0.5,
    slept: [],
    now: () => clock.nowMs,
    elapsed: () => clock.nowMs,
    random: () => clock.chance,
    async sleep(delayMs) {
      clock.slept.push(delayMs);
      clock.pass(delayMs);
    },
    schedule(run, delayMs) {
      const entry = { run, atMs: clock.nowMs + delayMs };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), due.includes(entry) ? 1 : 0);
    },
    pass(ms) {
      clock.nowMs += ms;
      for (const entry of due.filter(({ atMs }) => atMs <= clock.nowMs)) {
        due.splice(due.indexOf(entry), 1);
        entry.run();
      }
    },
  };
  return clock;
}
