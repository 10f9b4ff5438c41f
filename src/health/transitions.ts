import type { CheckTransition } from "./checks/settle.js";
import type { HealthClock } from "./clock.js";
import type { StateChange } from "./lifecycle.js";
import { createTransitionLog, type HealthLog } from "./transition-log.js";
import type { HealthTransition, HealthWord } from "./types.js";

/** Hears of what changes. */
export type TransitionListener = (transition: HealthTransition) => void;

/** Tells the log and whoever listens what changes. */
export interface Transitions {
  on(listener: TransitionListener): () => void;
  onCheck(transition: CheckTransition): void;
  onState(change: StateChange): void;
  close(): void;
}

/** What transitions are made from. */
export interface TransitionsParts {
  readonly log: HealthLog;
  readonly clock: HealthClock;
  /** What `/health` says now. */
  overall(): HealthWord;
  guard(run: () => void): void;
}

/** Makes them. The whole is looked at after each change of a check or of the state. */
export function createTransitions({ log, clock, overall, guard }: TransitionsParts): Transitions {
  const listeners = new Set<TransitionListener>();
  const lines = createTransitionLog(log, clock);
  const whole = createWhole(overall, clock);
  let stateMs = clock.now();

  function tell(transition: HealthTransition): void {
    for (const listener of [...listeners]) guard(() => listener(transition));
  }

  function tellAll(transition: HealthTransition): void {
    tell(transition);
    const change = whole.change();
    if (change !== undefined) tell(change);
  }

  return {
    on(listener) {
      whole.change();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onCheck({ view, from, msInPrevious, isFirst }) {
      const { name: check, word: to, reason, error } = view;
      const because = {
        ...(reason === undefined ? {} : { reason }),
        ...(error === undefined ? {} : { error }),
      };
      const transition: HealthTransition = { subject: "check", check, from, to, ...because, msInPrevious };
      // That a check passes at first is no news.
      if (!isFirst || to !== "healthy") lines.tell(transition);
      tellAll(transition);
    },
    onState({ from, to, reason }) {
      const because = reason === undefined ? {} : { reason };
      const transition: HealthTransition = {
        subject: "state",
        from,
        to,
        ...because,
        msInPrevious: clock.now() - stateMs,
      };
      stateMs = clock.now();
      lines.tell(transition);
      tellAll(transition);
    },
    close() {
      lines.close();
      listeners.clear();
    },
  };
}

/** Notices when the whole has changed since it was last looked at. */
function createWhole(
  overall: () => HealthWord,
  clock: HealthClock,
): { change(): HealthTransition | undefined } {
  let known: HealthWord | undefined;
  let sinceMs = clock.now();
  return {
    change() {
      const [from, to] = [known, overall()];
      if (from === to) return undefined;
      const msInPrevious = clock.now() - sinceMs;
      known = to;
      sinceMs = clock.now();
      return from === undefined ? undefined : { subject: "overall", from, to, msInPrevious };
    },
  };
}
