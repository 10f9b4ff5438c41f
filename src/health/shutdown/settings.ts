/** How a service ends. The times are milliseconds. */
export interface ShutdownSettings {
  /** Whether the signals are taken over, and every HTTP server of the process with them. Default: false. */
  readonly enabled: boolean;
  /** The signals that begin a shutdown. Default: SIGTERM and SIGINT. */
  readonly signals: readonly NodeJS.Signals[];
  /** How long the service goes on accepting after `/ready` has turned to 503. Default: 5000 in Kubernetes, else 0; never for SIGINT. */
  readonly drainDelayMs: number;
  /** Longest wait for open requests once nothing is accepted any more. Default: 10000. */
  readonly requestTimeoutMs: number;
  /** When upgraded connections and open-ended responses are cut, counted from the same moment. Default: 2000. */
  readonly upgradeTimeoutMs: number;
  /** Longest wait for all cleanup hooks together. Default: 5000. */
  readonly hooksTimeoutMs: number;
  /** Longest wait for logs, metrics and spans to leave. Default: 3000. */
  readonly flushTimeoutMs: number;
  /** When the process exits with 1 whatever it is doing, counted from the start. Default: 25000. */
  readonly hardDeadlineMs: number;
  /** Whether the process is ended. Default: as `enabled`. */
  readonly exit: boolean;
  /** `signal` ends a clean shutdown by the signal that began it, so that the parent sees it. Default: code. */
  readonly exitWith: "code" | "signal";
  /** Whether an uncaught exception begins a shutdown, without a delay and with exit code 1. Default: false. */
  readonly uncaughtException: boolean;
}

/** Says what does not fit when the phases may last longer than the deadline; undefined when they fit. */
export function budgetFault(settings: ShutdownSettings): string | undefined {
  const { drainDelayMs, requestTimeoutMs, hooksTimeoutMs, flushTimeoutMs, hardDeadlineMs } = settings;
  const sumMs = drainDelayMs + requestTimeoutMs + hooksTimeoutMs + flushTimeoutMs;
  if (sumMs <= hardDeadlineMs) return undefined;
  const parts = `drainDelayMs ${drainDelayMs} + requestTimeoutMs ${requestTimeoutMs} + hooksTimeoutMs ${hooksTimeoutMs} + flushTimeoutMs ${flushTimeoutMs}`;
  return `health.shutdown: ${parts} = ${sumMs} ms, more than hardDeadlineMs ${hardDeadlineMs}: the last phases would be cut off; shorten one, or raise the deadline and with it the grace period of the platform`;
}
