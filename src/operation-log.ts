import type { Context } from "@opentelemetry/api";
import type { Logger } from "pino";
import { createLimiter, type Limiter } from "./logging/limiter.js";
import { contexts } from "./tracing/context.js";

/** What the line of an operation says. Nothing of it may hold a value of the operation. */
export interface OperationLine {
  /** Which client, operation and target; bounded. */
  readonly fields: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** From how long on it is slow, milliseconds. */
  readonly slowMs: number;
  /** Class or code of the failure; undefined for success. */
  readonly error: string | undefined;
  /** The caller's, so that the line has its ids. */
  readonly context: Context;
}

/** Writes a line for an operation that failed or took its `slowMs`. */
export type OperationLog = (line: OperationLine) => void;

const QUIET_MS = 1000;

/** Makes the log of one client: at most one line a second of slow operations and one of failed ones, with the number left out. */
export function createOperationLog(log: Logger): OperationLog {
  const failed = createLimiter(QUIET_MS);
  const slow = createLimiter(QUIET_MS);

  function write(limiter: Limiter, event: string, { fields, seconds, error, context }: OperationLine): void {
    const count = limiter();
    if (count === 0) return;
    const more = { ...(error === undefined ? {} : { error }), ...(count > 1 ? { count } : {}) };
    const durationMs = Math.round(seconds * 1e6) / 1000;
    const text = `${Object.values(fields).join(" ")}: ${error ?? "slow"}`;
    contexts.run(context, log.warn, log, { event, ...fields, durationMs, ...more }, text);
  }

  return (line) => {
    if (line.error !== undefined) write(failed, "operation_failed", line);
    else if (line.seconds * 1000 >= line.slowMs) write(slow, "operation_slow", line);
  };
}
