import { createLimiter } from "../limiter.js";

/** Tells that log lines were lost or spoiled, and why. */
export type LossReport = (error: unknown, lines: number) => void;

const QUIET_MS = 60_000;

/** Makes a report that reaches `note` at most once a minute, as an Error with the lines lost since the last one. */
export function createLossReport(note: (error: unknown) => void, now?: () => number): LossReport {
  const due = createLimiter(QUIET_MS, now);
  let lost = 0;
  return (error, lines) => {
    lost += lines;
    if (due() === 0) return;
    const reason = error instanceof Error ? error.message : String(error);
    const told = new Error(`log output: ${reason} (${lost} lines lost)`, { cause: error });
    lost = 0;
    note(told);
  };
}
