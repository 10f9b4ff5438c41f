/** Starts a timer; returns its end. */
export type StartTimer = (run: () => void, ms: number) => () => void;

/** What a release is made from. */
export interface IdleReleaseParts {
  readonly afterMs: number;
  readonly release: () => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Default: a timer of the event loop that keeps no process alive. */
  readonly startTimer?: StartTimer | undefined;
}

/** Calls `release` once there was no use for a while. */
export interface IdleRelease {
  /** Notes a use. */
  use(): void;
  /** Waits no longer, until the next use. */
  cancel(): void;
}

/** Makes a release; it has one timer at a time, however often there is a use. */
export function createIdleRelease(parts: IdleReleaseParts): IdleRelease {
  const { afterMs, release, now, startTimer = startUnreferenced } = parts;
  let usedAtMs = 0;
  let stop: (() => void) | undefined;

  function check(): void {
    const restMs = usedAtMs + afterMs - now();
    stop = restMs > 0 ? startTimer(check, restMs) : undefined;
    if (stop === undefined) release();
  }

  return {
    use() {
      usedAtMs = now();
      stop ??= startTimer(check, afterMs);
    },
    cancel() {
      stop?.();
      stop = undefined;
    },
  };
}

const startUnreferenced: StartTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
