/** How often a period begins: with the local day or hour, or every so many milliseconds. */
export type Every = "day" | "hour" | number;

/** True for what {@link Every} allows. */
export function isEvery(value: unknown): value is Every {
  return value === "day" || value === "hour" || (Number.isSafeInteger(value) && (value as number) >= 1);
}

/** Unix time at which the period around `atMs` began; 0 where there are no periods. */
export function startOfPeriod(every: Every | undefined, atMs: number): number {
  if (every === undefined) return 0;
  if (typeof every === "number") return atMs - (atMs % every);
  const date = new Date(atMs);
  return every === "day" ? date.setHours(0, 0, 0, 0) : date.setMinutes(0, 0, 0);
}
