import type { Logger } from "pino";

/** How many lines a component wrote: by pino's number of the level, in tens. */
export type LineCounts = number[];

/** Holds the counts of the component that a logger belongs to. */
export const COUNTS: unique symbol = Symbol("telltale.counts");

// The levels of pino are 10 to 60.
const SLOTS = 7;

/** Makes counts that stand at zero. */
export function noLines(): LineCounts {
  return new Array<number>(SLOTS).fill(0);
}

/** Counts a line of `logger`; a level of the host's own counts with the next lower one of pino's. */
export function countLine(logger: Logger, level: number): void {
  if (!(COUNTS in logger)) return;
  const counts = logger[COUNTS] as LineCounts;
  const slot = Math.min(Math.max(Math.floor(level / 10), 1), SLOTS - 1);
  counts[slot] = (counts[slot] as number) + 1;
}
