import type { Indicator } from "../types.js";
import { atLeast, systemIndicator } from "./system.js";

/** When a queue is long. */
export interface QueueOptions {
  readonly degraded: number;
  /** Default: never. */
  readonly unhealthy?: number;
}

/** `{length}` of a queue against its limits. */
export function queue(
  length: () => number | Promise<number>,
  { degraded, unhealthy = Number.POSITIVE_INFINITY }: QueueOptions,
): Indicator {
  return systemIndicator(async () => {
    const waiting = await length();
    return { status: atLeast(waiting, { degraded, unhealthy }), length: waiting };
  });
}
