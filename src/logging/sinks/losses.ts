import { createLimiter } from "../limiter.js";

/**
 * Why lines did not arrive: the buffer was full, a write failed, the sink was closed, the receiver refused them or
 * could not be reached, the worker was down, or they were left out on purpose.
 */
export type DropReason =
  | "buffer_full"
  | "write_failed"
  | "closed"
  | "rejected"
  | "unreachable"
  | "worker_down"
  | "sampled";

/** Tells that `lines` were lost, 0 for a fault that cost none, and why. */
export type LossReport = (reason: DropReason, lines: number, error?: unknown) => void;

/** Where losses are counted and told; neither goes through the log. */
export interface LossHooks {
  /** Adds to `log_lines_dropped_total{sink,reason}`. */
  dropped?(sink: string, reason: DropReason, lines: number): void;
  /** Counts a fault of the part `log`. */
  note(part: string, error: unknown): void;
  /** Runs work of our own outside of any request's context, neither counted nor traced. Default: just runs it. */
  apart?<T>(work: () => T): T;
  /** Trace flags of the work under way; undefined where nothing is traced. */
  traceFlags?(): number | undefined;
  /** Says a line on standard error. */
  tell?(text: string): void;
}

const QUIET_MS = 60_000;

/** Makes the report of one sink: every loss is counted, and told at most once a minute with the lines lost since. */
export function createLossReport(sink: string, hooks: LossHooks, now?: () => number): LossReport {
  const due = createLimiter(QUIET_MS, now);
  let lost = 0;
  return (reason, lines, error) => {
    lost += lines;
    if (lines > 0) hooks.dropped?.(sink, reason, lines);
    if (due() === 0) return;
    const text = error === undefined ? reason : messageOf(error);
    const told = new Error(`log output ${sink}: ${text} (${lost} lines lost)`, { cause: error });
    lost = 0;
    hooks.note("log", told);
    if (sink !== "stderr") hooks.tell?.(told.message);
  };
}

/** Makes the report of what is wrong with lines rather than with a sink; it is told at most once a minute. */
export function createFaultReport({ note }: LossHooks, now?: () => number): (error: unknown) => void {
  const due = createLimiter(QUIET_MS, now);
  return (error) => {
    if (due() > 0) note("log", new Error(`log line: ${messageOf(error)}`, { cause: error }));
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
