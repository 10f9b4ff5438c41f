import type { HealthClock } from "./clock.js";
import type { CheckWord, HealthTransition } from "./types.js";

/** The part of a logger that is used. */
export interface HealthLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Tells transitions, one line each; what goes back and forth is told once a minute. */
export interface TransitionLog {
  tell(transition: HealthTransition): void;
  close(): void;
}

interface Minute {
  changes: number;
  last: HealthTransition;
  cancel: () => void;
}

const MINUTE_MS = 60_000;
const MAX_CHANGES = 5;
const RANKS: Readonly<Record<string, number>> = {
  healthy: 0,
  degraded: 1,
  unknown: 2,
  unhealthy: 3,
  ready: 0,
  starting: 1,
  not_ready: 2,
} satisfies Record<CheckWord | "ready" | "starting" | "not_ready", number>;

/** Makes the log of transitions. */
export function createTransitionLog(log: HealthLog, clock: HealthClock): TransitionLog {
  const minutes = new Map<string, Minute>();

  function summarise(subject: string): void {
    const minute = minutes.get(subject);
    minutes.delete(subject);
    if (minute === undefined || minute.changes <= MAX_CHANGES) return;
    const { check, to } = minute.last;
    const fields = { ...(check === undefined ? {} : { check }), changes: minute.changes, to };
    log.warn(
      { event: "health_flapping", ...fields },
      `health: ${subject} changed ${minute.changes} times in a minute`,
    );
  }

  return {
    tell(transition) {
      const subject = transition.check ?? "the state";
      const cancel = (): (() => void) => clock.after(MINUTE_MS, () => summarise(subject));
      const minute = minutes.get(subject) ?? { changes: 0, last: transition, cancel: cancel() };
      minutes.set(subject, minute);
      minute.changes++;
      minute.last = transition;
      if (minute.changes <= MAX_CHANGES) write(log, transition);
    },
    close() {
      for (const { cancel } of minutes.values()) cancel();
      for (const subject of [...minutes.keys()]) summarise(subject);
    },
  };
}

function write(log: HealthLog, { subject, check, error, msInPrevious, ...change }: HealthTransition): void {
  const { from, to, reason } = change;
  const fields = {
    event: subject === "check" ? "health_check" : "health_state",
    ...(check === undefined ? {} : { check }),
    from,
    to,
    ...(reason === undefined ? {} : { reason }),
    msInPrevious: Math.round(msInPrevious),
    ...(error === undefined ? {} : { err: error }),
  };
  const isWorse = (RANKS[to] ?? 0) > (RANKS[from] ?? 0);
  const message = check === undefined ? `health: the service is ${to}` : `health check ${check} is ${to}`;
  if (isWorse) log.warn(fields, message);
  else log.info(fields, message);
}
