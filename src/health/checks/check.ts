import type { Apart } from "../apart.js";
import type { HealthClock } from "../clock.js";
import type { CheckContext, HealthCheck } from "../types.js";
import type { Outcome } from "./answer.js";
import type { Limiter } from "./limiter.js";
import { type CheckRecord, type CheckState, createCheckRecord } from "./record.js";
import { createRunner } from "./runner.js";
import type { CheckSettings } from "./settings.js";

/** What a run came to, for the metrics. */
export type RunResult = "success" | "failure" | "timeout" | "skipped";

/** One check that runs by itself. */
export interface PolledCheck {
  state(): CheckState & { readonly nextRunMs: number | undefined };
  /** Runs now, or joins the run that is on; never rejects. */
  run(): Promise<void>;
  /** Runs an `onDemand` check whose result has grown old. */
  demand(): void;
  /** Runs it if it was skipped and what it depends on is up again. */
  wake(): void;
  /** Begins to poll; does nothing the second time. */
  start(): void;
  stop(): void;
}

/** What a polled check is made of. */
export interface PolledCheckParts {
  readonly name: string;
  readonly check: HealthCheck;
  readonly settings: CheckSettings;
  readonly clock: HealthClock;
  readonly limit: Limiter;
  readonly apart: Apart;
  /** True while what it depends on is not up: it is not run then. */
  isBlocked(): boolean;
  /** What the next run is told of the last. */
  previous(): CheckContext["previous"];
  /** Hears of each run that ended, and of each that was skipped. */
  onRun(result: RunResult, durationMs: number, outcome?: Outcome): void;
}

type Stage = "idle" | "polling" | "stopped";

/** Makes a check that polls once it is started. */
export function createPolledCheck(parts: PolledCheckParts): PolledCheck {
  const { settings, clock, apart } = parts;
  const record = createCheckRecord(settings, clock);
  const timer = createTimer((delayMs, fire) => apart(() => clock.after(delayMs, fire)), clock.now);
  let stage: Stage = "idle";
  let wasSkipped = false;
  const runs = createRuns(parts, record, {
    isStopped: () => stage === "stopped",
    schedule() {
      if (stage === "polling" && !settings.onDemand) timer.set(record.delayMs(), tick);
    },
  });

  function tick(): void {
    wasSkipped = parts.isBlocked();
    if (!wasSkipped) return void runs.run();
    record.skip();
    timer.set(settings.intervalMs, tick);
    parts.onRun("skipped", 0);
  }

  return {
    run: runs.run,
    state: () => ({ ...record.state(timer.dueMs()), nextRunMs: timer.dueMs() }),
    demand() {
      if (settings.onDemand && stage === "polling" && record.isDue() && !parts.isBlocked()) void runs.run();
    },
    wake() {
      if (wasSkipped && stage === "polling" && !parts.isBlocked()) tick();
    },
    start() {
      if (stage !== "idle") return;
      stage = "polling";
      timer.set(0, tick);
    },
    stop() {
      stage = "stopped";
      record.freeze();
      timer.clear();
      runs.abort();
    },
  };
}

interface RunsHooks {
  isStopped(): boolean;
  /** A run has ended. */
  schedule(): void;
}

/** Runs a check one at a time, whoever asks. */
function createRuns(
  { limit, previous, onRun, ...parts }: PolledCheckParts,
  record: CheckRecord,
  { isStopped, schedule }: RunsHooks,
): { run(): Promise<void>; abort(): void } {
  const { clock, settings } = parts;
  const { timeoutMs, maxOutstanding } = settings;
  const runner = createRunner({ ...parts, timeoutMs, maxOutstanding });
  let running: Promise<void> | undefined;

  async function execute(): Promise<void> {
    if (isStopped()) return;
    const startedMs = clock.now();
    record.begin();
    const outcome = await runner.run(previous());
    if (isStopped()) return;
    const durationMs = clock.now() - startedMs;
    record.add(outcome, durationMs);
    schedule();
    onRun(resultOf(outcome), durationMs, outcome);
  }

  return {
    abort: runner.abort,
    run() {
      running ??= limit(execute).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** One timer that is set anew each time. */
function createTimer(after: HealthClock["after"], now: HealthClock["now"]) {
  let cancel: (() => void) | undefined;
  let dueMs: number | undefined;

  function clear(): void {
    cancel?.();
    dueMs = undefined;
  }

  return {
    clear,
    dueMs: () => dueMs,
    set(delayMs: number, fire: () => void): void {
      clear();
      dueMs = now() + delayMs;
      cancel = after(delayMs, () => {
        dueMs = undefined;
        fire();
      });
    },
  };
}

function resultOf({ reason }: Outcome): RunResult {
  if (reason === undefined) return "success";
  return reason === "timeout" ? "timeout" : "failure";
}
