import type { HealthState } from "./types.js";

/** Where the service is in its life; draining is for good. */
export interface Lifecycle {
  state(): HealthState;
  isStarted(): boolean;
  markStarted(): void;
  setReady(ready: boolean): void;
  drain(): void;
}

/** Starts a life at `starting`. */
export function createLifecycle(): Lifecycle {
  let started = false;
  let ready = true;
  let draining = false;

  function state(): HealthState {
    if (draining) return "draining";
    if (!started) return "starting";
    return ready ? "ready" : "not_ready";
  }

  return {
    state,
    isStarted: () => started,
    markStarted() {
      started = true;
    },
    setReady(value) {
      ready = value;
    },
    drain() {
      draining = true;
    },
  };
}
