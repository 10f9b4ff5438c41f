/** Ids of the work under way; a text is empty and the flags 0 where there is nothing to tell. */
export interface LineIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly requestId: string;
}

/** Writes ids as JSON members, each with a comma before it. Always the same function, for what it wrote is kept. */
export type WriteIds = (ids: LineIds) => string;
