import { ObservabilityError } from "../../errors.js";
import type { BreakerOptions, CheckGroup, CheckKind, HealthCheckOptions } from "../types.js";

/** What the service says of all checks at once. */
export interface CheckDefaults {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly failingIntervalMs: number;
  readonly jitter: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  /** Those of the group `live`. */
  readonly liveness: { readonly threshold: number; readonly sampleMs: number };
}

/** The options of one check, complete. */
export interface CheckSettings {
  readonly groups: ReadonlySet<CheckGroup>;
  readonly critical: boolean;
  readonly kind: CheckKind;
  readonly onDemand: boolean;
  /** Of an `onDemand` check: how long a result is kept. */
  readonly intervalMs: number;
  readonly failingIntervalMs: number;
  readonly jitter: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly staleAfterMs: number | undefined;
  readonly maxOutstanding: number;
  /** Infinity for no breaker. */
  readonly breakerFailures: number;
  readonly breakerMaxWaitMs: number;
  readonly dependsOn: readonly string[];
}

const GROUPS: readonly CheckGroup[] = ["live", "ready", "startup", "health"];
const KINDS: readonly CheckKind[] = ["component", "dependency", "system"];
const CACHE_MS = 1000;
const BREAKER_FAILURES = 5;
const MAX_WAIT_CRITICAL_MS = 30_000;
const MAX_WAIT_MS = 300_000;
const LONGEST_MS = 86_400_000;

/** Completes and checks the options of the check `name`. Throws ObservabilityError TELLTALE_OPTION. */
export function settleCheck(
  name: string,
  options: HealthCheckOptions,
  defaults: CheckDefaults,
): CheckSettings {
  validate(name, options);
  const { groups = ["ready"], critical = true, kind = "component" } = options;
  const settings = {
    groups: new Set(groups),
    critical,
    kind,
    ...timesOf(options, groups.includes("live"), defaults),
    ...breakerOf(options, kind !== "system" && !groups.includes("live"), critical),
    staleAfterMs: options.staleAfterMs,
    maxOutstanding: options.maxOutstanding ?? 1,
    dependsOn: options.dependsOn ?? [],
  };
  const { onDemand, timeoutMs, intervalMs } = settings;
  if (!onDemand && timeoutMs >= intervalMs)
    throw refusal(`${name}.timeoutMs`, String(timeoutMs), `less than its interval of ${intervalMs} ms`);
  return settings;
}

function timesOf(options: HealthCheckOptions, isLive: boolean, defaults: CheckDefaults) {
  const { threshold, sampleMs } = defaults.liveness;
  const onDemand = options.intervalMs === "onDemand";
  const given = options.intervalMs ?? (isLive ? sampleMs : defaults.intervalMs);
  const intervalMs = given === "onDemand" ? (options.cacheMs ?? CACHE_MS) : given;
  const longest = onDemand ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(intervalMs / 2));
  return {
    onDemand,
    intervalMs,
    failingIntervalMs: options.failingIntervalMs ?? Math.min(defaults.failingIntervalMs, intervalMs),
    jitter: options.jitter ?? defaults.jitter,
    timeoutMs: options.timeoutMs ?? Math.min(defaults.timeoutMs, longest),
    failureThreshold: options.failureThreshold ?? (isLive ? threshold : defaults.failureThreshold),
    successThreshold: options.successThreshold ?? (isLive ? 1 : defaults.successThreshold),
  };
}

function breakerOf({ breaker }: HealthCheckOptions, isOn: boolean, critical: boolean) {
  const on = breaker === undefined ? isOn : breaker !== false;
  const { failures = BREAKER_FAILURES, maxWaitMs = critical ? MAX_WAIT_CRITICAL_MS : MAX_WAIT_MS } =
    typeof breaker === "object" ? breaker : ({} satisfies BreakerOptions);
  return { breakerFailures: on ? failures : Number.POSITIVE_INFINITY, breakerMaxWaitMs: maxWaitMs };
}

function validate(name: string, options: HealthCheckOptions): void {
  const { intervalMs, jitter, groups, kind, breaker, dependsOn } = options;
  if (intervalMs !== "onDemand") requireMs(name, { intervalMs });
  requireMs(name, {
    failingIntervalMs: options.failingIntervalMs,
    timeoutMs: options.timeoutMs,
    staleAfterMs: options.staleAfterMs,
    cacheMs: options.cacheMs,
  });
  requireCount(name, {
    failureThreshold: options.failureThreshold,
    successThreshold: options.successThreshold,
    maxOutstanding: options.maxOutstanding,
  });
  if (jitter !== undefined && !(typeof jitter === "number" && jitter >= 0 && jitter <= 1))
    throw refusal(`${name}.jitter`, show(jitter), "a number from 0 to 1");
  requireWords(`${name}.groups`, groups, GROUPS);
  requireWords(`${name}.kind`, kind === undefined ? undefined : [kind], KINDS);
  if (typeof breaker === "object") {
    requireMs(`${name}.breaker`, { maxWaitMs: breaker.maxWaitMs });
    requireCount(`${name}.breaker`, { failures: breaker.failures });
  }
  if (dependsOn !== undefined && !Array.isArray(dependsOn))
    throw refusal(`${name}.dependsOn`, show(dependsOn), "an array of names of checks");
}

function requireMs(name: string, times: Record<string, number | undefined>): void {
  for (const [key, value] of Object.entries(times))
    if (value !== undefined && !(typeof value === "number" && value > 0 && value <= LONGEST_MS))
      throw refusal(`${name}.${key}`, show(value), "a number of milliseconds above 0, a day at most");
}

function requireCount(name: string, counts: Record<string, number | undefined>): void {
  for (const [key, value] of Object.entries(counts))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw refusal(`${name}.${key}`, show(value), "a whole number of at least 1");
}

function requireWords(what: string, words: readonly string[] | undefined, known: readonly string[]): void {
  if (words === undefined) return;
  if (!Array.isArray(words)) throw refusal(what, show(words), `an array of ${known.join(", ")}`);
  const odd = words.find((word) => !known.includes(word));
  if (odd !== undefined) throw refusal(what, show(odd), known.join(", "));
}

/** The one shape of a complaint about a check; `found` is what was found, in words. */
export function refusal(what: string, found: string, expected: string): ObservabilityError {
  return new ObservabilityError(
    "TELLTALE_OPTION",
    `health check ${what}: found ${found}, expected ${expected}`,
  );
}

function show(found: unknown): string {
  return typeof found === "string" ? JSON.stringify(found) : String(found);
}
