import type { HealthClock } from "./clock.js";
import type { Verdict } from "./evaluate.js";
import { presentAll } from "./present.js";
import type { DetailLevel, HealthStatus } from "./types.js";

/** A verdict as data, at a level. */
export function toStatus(verdict: Verdict, level: DetailLevel, clock: HealthClock): HealthStatus {
  const { status, state, views, lastStall } = verdict;
  return {
    status,
    ...(state === undefined ? {} : { state }),
    timestamp: new Date(clock.wall()).toISOString(),
    ...(lastStall === undefined || level === "none" ? {} : { lastStall }),
    checks: presentAll(views, level, clock),
  };
}

/** What of it is sent: at the level `none` the checks are left out. */
export function toBody({ checks, ...status }: HealthStatus, level: DetailLevel): object {
  return level === "none" ? status : { ...status, checks };
}
