import type { HealthSettings } from "../health/index.js";
import type { ShutdownSettings } from "../health/shutdown/settings.js";

type Loose<T> = { -readonly [K in keyof T]?: T[K] | undefined };

/** What `createObservability({ health })` takes; each with its default in docs/options.md. */
export interface HealthOptions
  extends Loose<Omit<HealthSettings, "service" | "version" | "details" | "liveness">> {
  details?: Loose<HealthSettings["details"]> | undefined;
  /** True, or how the service ends: takes SIGTERM and SIGINT over. */
  shutdown?: boolean | Loose<ShutdownSettings> | undefined;
  liveness?:
    | (Loose<Omit<HealthSettings["liveness"], "watchdog">> & {
        watchdog?: Loose<NonNullable<HealthSettings["liveness"]["watchdog"]>> | undefined;
      })
    | undefined;
}

/** Completes what was read: without a port there is no watchdog. */
export function completeHealth(
  tree: HealthSettings,
  who: { readonly service: string; readonly version?: string },
): HealthSettings {
  const { watchdog, ...liveness } = tree.liveness;
  const has = watchdog?.port !== undefined;
  return { ...tree, ...who, liveness: has ? { ...liveness, watchdog } : liveness };
}
