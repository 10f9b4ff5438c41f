import type { Guard } from "./collector.js";

/** Where a fault is counted and told. */
export interface FaultSinks {
  /** Adds one to `telltale_errors_total{part}`. */
  count(part: string): void;
  /** Writes one log line. Never called for the part `log`, whose own fault it would be. */
  warn(part: string, error: unknown, repeated: number): void;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** Counts and tells faults; `guard` runs code that may fail. */
export interface Faults {
  readonly guard: Guard;
  /** Counts a fault of `part`; logs it at most once a minute, with the number kept quiet since. */
  note(part: string, error: unknown): void;
}

const QUIET_MS = 60_000;

/** Makes the one place where faults of foreign code, exporters and sinks end up. */
export function createFaults(sinks: FaultSinks): Faults {
  const parts = new Map<string, { nextAt: number; kept: number }>();

  function note(part: string, error: unknown): void {
    sinks.count(part);
    if (part === "log") return;
    const now = sinks.now();
    const last = parts.get(part) ?? { nextAt: Number.NEGATIVE_INFINITY, kept: 0 };
    parts.set(part, last);
    if (now < last.nextAt) {
      last.kept++;
      return;
    }
    sinks.warn(part, error, last.kept);
    last.nextAt = now + QUIET_MS;
    last.kept = 0;
  }

  function guard<T>(part: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      note(part, error);
      return undefined;
    }
  }

  return { guard, note };
}
