/** Where wrong use at run time is told; it never throws into the host. */
export type ReportMisuse = (message: string) => void;

/** Tells about the wrong use of one family without flooding whoever listens. */
export interface Misuse {
  /** Tells the first occurrence of `kind`. */
  once(kind: string, message: () => string): void;
  /** Tells the 1st, 10th, 100th … occurrence of `kind`, so that a fault on a hot path stays cheap and is not forgotten. */
  count(kind: string, message: () => string): void;
  /** Tells every occurrence. */
  tell(message: () => string): void;
}

/** A value that should have been a number; anything else by its type alone, for it may be somebody's name. */
export function shown(value: unknown): string {
  return typeof value === "number"
    ? String(value)
    : `a value of type ${value === null ? "null" : typeof value}`;
}

/** Makes the teller of one family; `family` begins every message. */
export function createMisuse(family: string, report: ReportMisuse): Misuse {
  const seen = new Map<string, number>();

  function tell(message: () => string): void {
    try {
      report(`${family}: ${message()}`);
    } catch {
      return; // The listener is foreign code, and there is nobody left to tell.
    }
  }

  function add(kind: string): number {
    const times = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, times);
    return times;
  }

  return {
    tell,
    once(kind, message) {
      if (!seen.has(kind)) {
        add(kind);
        tell(message);
      }
    },
    count(kind, message) {
      const times = add(kind);
      if (Number.isInteger(Math.log10(times)))
        tell(times === 1 ? message : () => `${message()} (seen ${times} times)`);
    },
  };
}
