import type { HealthCheck, HealthWord } from "./types.js";

/** How a run of a check ended. */
export interface CheckResult {
  readonly status: HealthWord;
  /** Why it is unhealthy; for the log, never for the body. */
  readonly error?: unknown;
}

/** One check with its last result. */
export interface RunningCheck {
  /** A result at most a second old: the last one, or that of a run which is waited for. Never rejects. */
  result(): Promise<CheckResult>;
  /** Aborts what is running. */
  stop(): void;
}

/** What a check is made of. */
export interface CheckParts {
  readonly name: string;
  readonly run: HealthCheck;
  readonly timeoutMs: number;
  now(): number;
}

const FRESH_MS = 1000;
const ABANDON_MS = 30_000;
const MAX_OUTSTANDING = 3;

/**
 * Makes a check that runs when it is asked for. Probes that come while it runs share the run. One that outlives
 * its time is aborted and counts as failed; no other starts until it has ended, or for 30 s, and never a fourth.
 */
export function createRunningCheck(parts: CheckParts): RunningCheck {
  const { timeoutMs, now } = parts;
  let last: { result: CheckResult; atMs: number } | undefined;
  let shared: Promise<CheckResult> | undefined;
  let outstanding = 0;
  let startedMs = 0;
  let abort: AbortController | undefined;

  async function start(): Promise<CheckResult> {
    startedMs = now();
    outstanding++;
    const run = (abort = new AbortController());
    const settled = attempt(parts, run.signal).finally(() => outstanding--);
    const result = await within(timeoutMs, settled);
    if (result.timedOut) run.abort();
    last = { result: result.value, atMs: now() };
    shared = undefined;
    return result.value;
  }

  function mayStart(): boolean {
    return outstanding === 0 || (now() - startedMs >= ABANDON_MS && outstanding < MAX_OUTSTANDING);
  }

  return {
    result() {
      if (shared !== undefined) return shared;
      if (last !== undefined && (now() - last.atMs < FRESH_MS || !mayStart()))
        return Promise.resolve(last.result);
      shared = start();
      return shared;
    },
    stop: () => abort?.abort(),
  };
}

async function attempt({ name, run }: CheckParts, signal: AbortSignal): Promise<CheckResult> {
  try {
    const answer = await run({ signal, name });
    return answer === false || saysUnhealthy(answer) ? { status: "unhealthy" } : { status: "healthy" };
  } catch (error) {
    return { status: "unhealthy", error };
  }
}

function saysUnhealthy(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "status" in answer && answer.status === "unhealthy";
}

/** The value of `settled`, or a time-out; the timer never outlives it and never keeps the process alive. */
function within(
  timeoutMs: number,
  settled: Promise<CheckResult>,
): Promise<{ value: CheckResult; timedOut: boolean }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({
        value: { status: "unhealthy", error: new Error(`no answer within ${timeoutMs} ms`) },
        timedOut: true,
      });
    }, timeoutMs).unref();
    void settled.then((value) => {
      clearTimeout(timer);
      resolve({ value, timedOut: false });
    });
  });
}
