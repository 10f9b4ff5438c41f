/** What was done to a gauge since the last scrape; kept in its second cell. */
export const TOUCH = { none: 0, set: 1, counted: 2, countedBefore: 3 } as const;
