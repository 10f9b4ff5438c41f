import type { DetailSettings } from "./access.js";
import type { CheckDefaults } from "./checks/settings.js";
import type { IndicatorName } from "./indicators/index.js";
import type { PathSettings } from "./paths.js";
import type { HealthWord } from "./types.js";
import type { WatchdogSettings } from "./watchdog/watchdog.js";

/** What the health of a service is made from; the defaults are those of the options. */
export interface HealthSettings extends PathSettings, Omit<CheckDefaults, "liveness"> {
  readonly service: string;
  readonly version?: string;
  /** `auto`: started as soon as it is created; `manual`: when `markStarted()` says so. */
  readonly startup: "auto" | "manual";
  /** Most checks that run at once. Default: 8. */
  readonly concurrency: number;
  /** Indicators that are registered from the start. Default: `memory` and `disk`. */
  readonly indicators: readonly IndicatorName[];
  readonly details: DetailSettings;
  /** Codes other than 200 for healthy and degraded, 503 for unhealthy. */
  readonly statusCodes: Readonly<Partial<Record<HealthWord, number>>>;
  /** False: `/ready` and `/health` do not show that the service drains. Default: true. */
  readonly failReadyOnShutdown: boolean;
  readonly liveness: CheckDefaults["liveness"] & {
    /** Answers `/live` on a port of its own, from a thread of its own. Default: none. */
    readonly watchdog?: WatchdogSettings;
  };
}
