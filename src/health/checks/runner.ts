import type { Apart } from "../apart.js";
import type { HealthClock } from "../clock.js";
import type { CheckContext, HealthCheck } from "../types.js";
import { failure, type Outcome, readAnswer } from "./answer.js";

/** Runs one check within its time. */
export interface Runner {
  /** The outcome of one run, at the latest when its time is up; never rejects. */
  run(previous: CheckContext["previous"]): Promise<Outcome>;
  /** Aborts what is outstanding. */
  abort(): void;
}

/** What a runner is made of. */
export interface RunnerParts {
  readonly name: string;
  readonly check: HealthCheck;
  readonly timeoutMs: number;
  readonly maxOutstanding: number;
  readonly clock: HealthClock;
  /** Keeps a run out of the request that asks for it. */
  readonly apart: Apart;
}

const ABANDON_MS = 30_000;
const MAX_ABANDONED = 3;

/**
 * Makes a runner. A run that outlives its time is aborted, but the check may ignore that: while as many as
 * `maxOutstanding` have not ended, a further one is not started and counts as timed out. One that has hung for 30 s is
 * given up and makes room for another, up to three in all.
 */
export function createRunner(parts: RunnerParts): Runner {
  const { timeoutMs, maxOutstanding, clock } = parts;
  const outstanding = new Set<Run>();
  let startedMs = Number.NEGATIVE_INFINITY;

  function mayStart(): boolean {
    if (outstanding.size < maxOutstanding) return true;
    const isAbandoned = clock.now() - startedMs >= ABANDON_MS;
    return isAbandoned && outstanding.size < Math.max(MAX_ABANDONED, maxOutstanding);
  }

  return {
    run(previous) {
      if (!mayStart())
        return Promise.resolve(failure("timeout", `a run of ${timeoutMs} ms at most has not ended yet`));
      startedMs = clock.now();
      const run = startRun(parts, previous);
      outstanding.add(run);
      void run.settled.then(() => outstanding.delete(run));
      return run.outcome;
    },
    abort() {
      for (const run of outstanding) run.abort("stopped");
    },
  };
}

interface Run {
  /** At the latest when its time is up or it is aborted. */
  readonly outcome: Promise<Outcome>;
  /** When the check has answered, which may be never. */
  readonly settled: Promise<Outcome>;
  abort(why: string): void;
}

function startRun(parts: RunnerParts, previous: CheckContext["previous"]): Run {
  const { name, timeoutMs, clock } = parts;
  const controller = new AbortController();
  const settled = attempt(parts, { signal: controller.signal, name, previous });
  const { promise: outcome, resolve } = withResolvers<Outcome>();
  const abort = (why: string): void => {
    cancel();
    resolve(failure("timeout", why));
    controller.abort();
  };
  const cancel = clock.after(timeoutMs, () => abort(`no answer within ${timeoutMs} ms`));
  void settled.then((answer) => {
    cancel();
    resolve(answer);
  });
  return { outcome, settled, abort };
}

async function attempt({ check, apart }: RunnerParts, context: CheckContext): Promise<Outcome> {
  try {
    return readAnswer(await apart(() => check(context)));
  } catch (error) {
    return failure("failed", error);
  }
}

// Promise.withResolvers is not in Node 20.
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
