/** The word for the whole. */
export type HealthWord = "healthy" | "degraded" | "unhealthy";

/** The word for a check; `unknown` has no result yet, or is skipped because a check it depends on is down. */
export type CheckWord = HealthWord | "unknown";

/** Where the service is in its life. */
export type HealthState = "starting" | "ready" | "not_ready" | "draining" | "stopped";

/** Which endpoints a check counts for; `/health` counts all, and a check of `health` counts there alone. */
export type CheckGroup = "live" | "ready" | "startup" | "health";

/**
 * How much an answer tells. `none`: status and time; `status`: the checks and their words; `data`: their numbers;
 * `full`: texts, errors and how each check runs.
 */
export type DetailLevel = "none" | "status" | "data" | "full";

/** Why a check is not healthy. */
export type CheckReason =
  | "failed"
  | "timeout"
  | "stale"
  | "circuit_open"
  | "pending"
  | `dependency:${string}`;

/** What a check may say of itself. */
export type DataValue = string | number | boolean | null;

/** What a check is called with. */
export interface CheckContext {
  /** Aborted when the check's time is up, it is unregistered, or the checks are stopped. */
  readonly signal: AbortSignal;
  readonly name: string;
  /** What it said last; undefined at the first run. */
  readonly previous: CheckReport | undefined;
}

/**
 * False, a throw or a rejection is unhealthy, and so is a `status` that says it; anything else is healthy. The numbers,
 * flags and texts of a plain object are shown beside the status; texts that are no measure (`45%`, `12 ms`) at the
 * level `full` only.
 */
export type HealthCheck = (context: CheckContext) => unknown;

/** What a check is about: a dependency, which `/live` should not ask; a resource of the process or machine; a part of the service. */
export type CheckKind = "component" | "dependency" | "system";

/** When a check that keeps failing is asked less often. */
export interface BreakerOptions {
  /** Failures in a row that open it. Default: 5. */
  readonly failures?: number;
  /** Longest wait between two runs, milliseconds. Default: 30 000 for a critical check, 300 000 for another. */
  readonly maxWaitMs?: number;
}

/** Options of a check. */
export interface HealthCheckOptions {
  /** Default: `["ready"]`. */
  readonly groups?: readonly CheckGroup[];
  /** False: an unhealthy check makes the whole degraded, not unhealthy. Default: true. */
  readonly critical?: boolean;
  /** Default: `component`. A `dependency` in the group `live` is warned of: a restart does not cure it. */
  readonly kind?: CheckKind;
  /** Milliseconds between runs, or `onDemand`: run when it is asked for. Default: 10 000; in the group `live` 1000. */
  readonly intervalMs?: number | "onDemand";
  /** Milliseconds between runs while it fails. Default: 2000, at most `intervalMs`. */
  readonly failingIntervalMs?: number;
  /** Share by which the intervals vary at random, 0 to 1. Default: 0.1. */
  readonly jitter?: number;
  /** Milliseconds after which a run has failed; less than the interval. Default: 2000, at most half the interval. */
  readonly timeoutMs?: number;
  /** Failures in a row that make it unhealthy; fewer make it degraded. Default: 3; in the group `live` 5. */
  readonly failureThreshold?: number;
  /** Successes in a row that make it healthy again. Default: 1. */
  readonly successThreshold?: number;
  /** Milliseconds after which a result counts no more. Default: three intervals, and time for one run besides. */
  readonly staleAfterMs?: number;
  /** Runs that may be outstanding though their time is up. Default: 1. */
  readonly maxOutstanding?: number;
  /** Backs off from a check that keeps failing. Default: on; off for `system` checks and in the group `live`. */
  readonly breaker?: boolean | BreakerOptions;
  /** Checks without which this one makes no sense: while one is down it is skipped. Default: none. */
  readonly dependsOn?: readonly string[];
  /** Milliseconds for which a result of an `onDemand` check is kept. Default: 1000. */
  readonly cacheMs?: number;
  /** Takes the place of a check of the same name. Default: false. */
  readonly replace?: boolean;
}

/** A check of the house, with the options that fit it. */
export interface Indicator {
  (context: CheckContext): unknown;
  readonly options: HealthCheckOptions;
  /** Lets go of what it holds; called when it is unregistered. */
  readonly dispose?: () => void;
}

/** How a check runs; part of the level `full`. */
export interface CheckMeta {
  /** Milliseconds that the last run took. */
  readonly durationMs: number | null;
  /** ISO 8601; null for never. */
  readonly lastRunAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly nextRunAt: string | null;
  readonly consecutiveFailures: number;
  readonly circuit: CircuitState;
  readonly critical: boolean;
  readonly groups: readonly CheckGroup[];
}

/** `open`: it is asked less often; `half_open`: the next result decides. */
export type CircuitState = "closed" | "half_open" | "open";

/** One check in an answer: its own numbers stand beside these. */
export interface CheckReport {
  readonly status: CheckWord;
  /** Left out when it is healthy. */
  readonly reason?: CheckReason;
  /** Level `full` only. */
  readonly error?: string;
  readonly meta?: CheckMeta;
  readonly [key: string]: unknown;
}

/** A time in which the event loop did not turn. */
export interface Stall {
  readonly durationMs: number;
  /** When it was over, ISO 8601. */
  readonly endedAt: string;
}

/** What the endpoints answer, as data. */
export interface HealthStatus {
  readonly status: HealthWord;
  /** Left out while the service is ready. */
  readonly state?: Exclude<HealthState, "ready">;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The last time that the event loop was blocked for a sample of the watchdog, in `/live`. */
  readonly lastStall?: Stall;
  /** Empty at the level `none`. */
  readonly checks: Readonly<Record<string, CheckReport>>;
}

/** A change of a check's word, of the whole's, or of the service's state. */
export interface HealthTransition {
  readonly subject: "check" | "overall" | "state";
  /** Name of the check. */
  readonly check?: string;
  readonly from: CheckWord | HealthState;
  readonly to: CheckWord | HealthState;
  readonly reason?: string;
  readonly msInPrevious: number;
  /** What the check threw; for the log, never for a body below `full`. */
  readonly error?: unknown;
}
