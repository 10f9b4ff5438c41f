import type { HealthState } from "./types.js";

/** One step in the life of the service. */
export interface StateChange {
  readonly from: HealthState;
  readonly to: HealthState;
  /** Why, as it was given. */
  readonly reason: string | undefined;
}

/** Where the service is in its life: `starting → ready ⇄ not_ready → draining → stopped`. */
export interface Lifecycle {
  state(): HealthState;
  isStarted(): boolean;
  markStarted(): void;
  /** Turns readiness by hand; without effect once draining. */
  setReady(ready: boolean, reason?: string): void;
  /** Not ready until `task` is fulfilled; a task that is rejected leaves it so until `setReady(true)`. */
  block(task: PromiseLike<unknown>): void;
  /** Draining, synchronously and for good. */
  drain(reason?: string): void;
  /** Stopped, for good; drains first when nobody has. */
  stop(): void;
}

/** Starts a life at `starting`, or at `ready`; `onChange` hears of each step once it is taken. */
export function createLifecycle(
  onChange: (change: StateChange) => void = () => undefined,
  startsReady = false,
): Lifecycle {
  let started = startsReady;
  let ready = true;
  let blockers = 0;
  let end: "draining" | "stopped" | undefined;
  let told: HealthState = startsReady ? "ready" : "starting";

  function state(): HealthState {
    if (end !== undefined) return end;
    if (!started) return "starting";
    return ready && blockers === 0 ? "ready" : "not_ready";
  }

  function step(change: () => void, reason?: string): void {
    change();
    const from = told;
    told = state();
    if (from !== told) onChange({ from, to: told, reason });
  }

  const setReady = (value: boolean, reason?: string): void => step(() => (ready = value), reason);
  const drain = (reason?: string): void => step(() => (end ??= "draining"), reason);

  return {
    state,
    isStarted: () => started,
    markStarted: () => step(() => (started = true)),
    setReady,
    block(task) {
      step(() => blockers++, "blocked");
      const release = (): void => step(() => blockers--, "unblocked");
      Promise.resolve(task).then(release, () => {
        setReady(false, "a task that readiness waited for has failed");
        release();
      });
    },
    drain,
    stop() {
      drain();
      step(() => (end = "stopped"));
    },
  };
}
