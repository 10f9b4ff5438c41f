/** What the health endpoints need to know. */
export interface HealthSettings {
  readonly service: string;
  readonly version?: string;
  /** Put before every path: `/internal` gives `/internal/ready`. Default: empty. */
  readonly basePath: string;
  /** Longest that a check may take, and with it the answer to a probe. Default: 2000. */
  readonly timeoutMs: number;
}

/** What the health endpoints ask of the house. */
export interface HealthHooks {
  /** Where transitions are told, one line each. */
  readonly log: HealthLog;
  /** Called with the request before it is answered, so that it can be kept out of metrics, logs and traces. */
  onServe(req: object): void;
  /** Milliseconds, monotonic. Default: `performance.now`. */
  now?(): number;
}

/** The part of a logger that is used. */
export interface HealthLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** The word for a check and for the whole. */
export type HealthWord = "healthy" | "unhealthy";

/** Where the service is in its life. */
export type HealthState = "starting" | "ready" | "not_ready" | "draining" | "stopped";

/** Which endpoints a check counts for; `/health` shows all. */
export type CheckGroup = "live" | "ready" | "startup";

/** What a check is called with. */
export interface CheckContext {
  /** Aborted when the check's time is up or the health is closed. */
  readonly signal: AbortSignal;
  readonly name: string;
}

/** Void or true is healthy; false, a throw, a rejection or `{ status: "unhealthy" }` is not. */
export type HealthCheck = (context: CheckContext) => unknown;

/** Options of a check. */
export interface HealthCheckOptions {
  /** Default: `["ready"]`. */
  readonly groups?: readonly CheckGroup[];
  /** Shorter limit of this check. Default and maximum: `timeoutMs` of the health settings. */
  readonly timeoutMs?: number;
  /** False shows the check without letting it decide. Default: true. */
  readonly critical?: boolean;
}

/** What the endpoints answer, as data. */
export interface HealthStatus {
  readonly status: HealthWord;
  /** Left out while the service is ready. */
  readonly state?: Exclude<HealthState, "ready">;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly checks: Readonly<Record<string, { readonly status: HealthWord }>>;
}
