/** Options of a client. */
export interface ClientOptions {
  /** A query that takes at least this long has a log line, milliseconds. Default: 500. */
  readonly slowMs?: number;
  /** Whether readiness depends on it: a check named after the instance. Default: true. */
  readonly check?: boolean;
}

export const SLOW_MS = 500;
