import type { HealthClock } from "../clock.js";
import type { CheckReason, CheckWord, CircuitState } from "../types.js";
import type { CheckData, Outcome } from "./answer.js";
import { createBreaker } from "./breaker.js";
import { createJudge, type Judge } from "./judge.js";
import type { CheckSettings } from "./settings.js";

/** Where a check stands, by itself: what it depends on is not looked at. */
export interface CheckState {
  readonly word: CheckWord;
  readonly reason?: CheckReason;
  readonly data: CheckData;
  readonly error?: unknown;
  readonly durationMs: number | undefined;
  /** Times of the monotonic clock. */
  readonly lastRunMs: number | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly failures: number;
  readonly circuit: CircuitState;
}

/** What is remembered of one check's runs. */
export interface CheckRecord {
  /** A run begins. */
  begin(): void;
  /** A run that took `durationMs` has just ended. */
  add(outcome: Outcome, durationMs: number): void;
  /** It was not run, on purpose: what is known of it grows no older. */
  skip(): void;
  /** It will not be run again: what is known of it grows no older. */
  freeze(): void;
  /** True when a result of an `onDemand` check has grown old. */
  isDue(): boolean;
  /** Milliseconds from now to the next run. */
  delayMs(): number;
  /** `nextRunMs` is the time at which it will run next. */
  state(nextRunMs: number | undefined): CheckState;
}

interface Last {
  readonly outcome: Outcome;
  readonly endedMs: number;
  readonly durationMs: number;
}

const MARGIN_MS = 1000;

/** Makes an empty record. */
export function createCheckRecord(settings: CheckSettings, clock: HealthClock): CheckRecord {
  const judge = createJudge({ ...settings, patient: settings.groups.has("live") });
  const breaker = createBreaker({
    failures: settings.breakerFailures,
    baseMs: settings.failingIntervalMs,
    maxWaitMs: settings.breakerMaxWaitMs,
    successThreshold: settings.successThreshold,
    random: clock.random,
  });
  let last: Last | undefined;
  let lastSuccessMs: number | undefined;
  let freshMs = 0;

  const effectiveMs = (): number => (judge.isFailing() ? settings.failingIntervalMs : settings.intervalMs);
  const isStale = (nextRunMs: number | undefined): boolean => {
    const isOpen = breaker.state() === "open" && nextRunMs !== undefined;
    const sinceMs = isOpen ? Math.max(freshMs, nextRunMs) : freshMs;
    return clock.now() - sinceMs > staleAfterMs(settings, isOpen ? 0 : effectiveMs());
  };

  return {
    begin: breaker.begin,
    add(outcome, durationMs) {
      freshMs = clock.now();
      last = { outcome, endedMs: freshMs, durationMs };
      judge.add(outcome);
      if (outcome.status === "unhealthy") return breaker.fail(judge.failures());
      lastSuccessMs = freshMs;
      breaker.succeed();
    },
    skip() {
      freshMs = clock.now();
    },
    isDue: () => last === undefined || clock.now() - last.endedMs >= settings.intervalMs,
    freeze() {
      freshMs = Number.POSITIVE_INFINITY;
    },
    delayMs() {
      if (breaker.state() === "open") return breaker.waitMs();
      return effectiveMs() * (1 + settings.jitter * (2 * clock.random() - 1));
    },
    state: (nextRunMs) => ({
      ...verdictOf({ judge, circuit: breaker.state(), last, isStale: isStale(nextRunMs) }),
      ...shownOf(last),
      lastSuccessMs,
      failures: judge.failures(),
      circuit: breaker.state(),
    }),
  };
}

interface Known {
  readonly judge: Pick<Judge, "word" | "isFailing">;
  readonly circuit: CircuitState;
  readonly last: Last | undefined;
  readonly isStale: boolean;
}

function verdictOf({ judge, circuit, last, isStale }: Known): Pick<CheckState, "word" | "reason"> {
  const word = judge.word();
  if (last === undefined) return { word, reason: "pending" };
  if (isStale) return { word: "unhealthy", reason: "stale" };
  if (!judge.isFailing()) return { word };
  return { word, reason: circuit === "closed" ? (last.outcome.reason ?? "failed") : "circuit_open" };
}

// While the breaker is open the next run is known: it is late by itself, not by the interval.
function staleAfterMs(settings: CheckSettings, effectiveMs: number): number {
  const { intervalMs, timeoutMs, onDemand } = settings;
  if (effectiveMs === 0) return timeoutMs + MARGIN_MS;
  if (settings.staleAfterMs !== undefined) return settings.staleAfterMs;
  return onDemand ? Number.POSITIVE_INFINITY : Math.max(3 * effectiveMs, intervalMs + timeoutMs + MARGIN_MS);
}

function shownOf(last: Last | undefined): Pick<CheckState, "data" | "error" | "durationMs" | "lastRunMs"> {
  if (last === undefined) return { data: {}, durationMs: undefined, lastRunMs: undefined };
  const { outcome, endedMs: lastRunMs, durationMs } = last;
  const { data, error } = outcome;
  return error === undefined ? { data, durationMs, lastRunMs } : { data, error, durationMs, lastRunMs };
}
