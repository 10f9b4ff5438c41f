import { type PushClock, SYSTEM_CLOCK } from "./clock.js";
import { startInterval } from "./interval.js";
import type { Transfer } from "./transfer.js";
import { createTurns, type Turns, type TurnsParts } from "./turns.js";
import type { Pusher, PushResult, PushSettings } from "./types.js";
import { within } from "./within.js";

/** What a pusher is made from. */
export interface PusherParts extends Omit<TurnsParts, "clock"> {
  /** Calls the listener once the process has run out of work; returns the removal. */
  onBeforeExit(listener: () => void): () => void;
  /** Default: the machine's. */
  readonly clock?: PushClock;
}

const NOTHING_SENT = { ok: false, attempts: 0, series: 0, bytes: 0, durationMs: 0 } as const;
const CLOSED: PushResult = { ...NOTHING_SENT, outcome: "failed", error: "the pusher is closed" };
const NO_GROUP: PushResult = {
  ...NOTHING_SENT,
  outcome: "rejected",
  error: "only what a Pushgateway holds can be deleted",
};

/** Makes a pusher, and starts its interval. */
export function createPusher(parts: PusherParts): Pusher {
  const { settings, clock = SYSTEM_CLOCK } = parts;
  const turns = createTurns({ ...parts, clock });
  let waiting: Promise<PushResult> | undefined;
  let closing: Promise<void> | undefined;

  const close = (isExit: boolean): Promise<void> => {
    for (const stop of stops) stop();
    return held(finish(turns, settings, isExit));
  };
  const stops = [
    ...(settings.intervalMs > 0 ? [pushRegularly(turns, settings, clock)] : []),
    ...(settings.onExit ? [parts.onBeforeExit(() => void (closing ??= close(true)))] : []),
  ];

  return {
    push() {
      if (closing !== undefined) return Promise.resolve(CLOSED);
      const forget = (): void => {
        waiting = undefined;
      };
      waiting ??= turns.push(forget).then(({ result }) => result);
      return held(waiting);
    },
    async delete() {
      if (closing !== undefined) return CLOSED;
      const deleted = turns.delete();
      return deleted === undefined ? NO_GROUP : (await held(deleted)).result;
    },
    close: () => (closing ??= close(false)),
  };
}

function pushRegularly(turns: Turns, { intervalMs }: PushSettings, clock: PushClock): () => void {
  const push = (): Promise<Transfer> | undefined => (turns.isBusy() ? undefined : turns.push());
  return startInterval({ intervalMs, clock, push });
}

async function finish(turns: Turns, settings: PushSettings, isExit: boolean): Promise<void> {
  const limitMs = isExit ? settings.timeoutMs : settings.closeTimeoutMs;
  await within(turns.finish({ hasValues: isExit || settings.pushOnClose, limitMs }), limitMs);
}

// Sockets and timers here keep no process alive. Whoever waits for a push is kept until it is done.
async function held<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
