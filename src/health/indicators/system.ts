import type { HealthCheck, HealthCheckOptions, HealthWord, Indicator } from "../types.js";

/** Shares from which a resource is short; of 1. */
export interface UsageLimits {
  /** Default: 0.85. */
  readonly degraded?: number;
  /** Default: 0.95. */
  readonly unhealthy?: number;
}

/** Resources of the process and machine are shown in `/health` and take no part in readiness. */
const SYSTEM: HealthCheckOptions = { groups: ["health"], critical: false, kind: "system" };

/** An indicator of a resource. */
export function systemIndicator(check: HealthCheck, dispose?: () => void): Indicator {
  return Object.assign(check, { options: SYSTEM, ...(dispose === undefined ? {} : { dispose }) });
}

/** `{status, usage}` of a share that is in use. */
export function usageAnswer(
  share: number,
  { degraded = 0.85, unhealthy = 0.95 }: UsageLimits,
): { status: HealthWord; usage: string } {
  return { status: atLeast(share, { degraded, unhealthy }), usage: `${Math.round(share * 100)}%` };
}

/** The word for a value that should be low. */
export function atLeast(
  value: number,
  { degraded, unhealthy }: { readonly degraded: number; readonly unhealthy: number },
): HealthWord {
  if (value >= unhealthy) return "unhealthy";
  return value >= degraded ? "degraded" : "healthy";
}
