import type { ShutdownSettings } from "../health/shutdown/settings.js";
import type { Environment } from "./values.js";

type Defaulted = "drainDelayMs" | "exit";

/** The options of the shutdown as they are read, before the defaults that depend on others. */
export type ReadShutdown = Omit<ShutdownSettings, Defaulted> & Partial<Pick<ShutdownSettings, Defaulted>>;

// Until the endpoint is gone from every node of the cluster, requests go on to come.
const KUBERNETES_DELAY_MS = 5000;

/** `shutdown: true` is short for `{ enabled: true }`, and an object says true by being there. */
export function expandShutdown(given: unknown): unknown {
  if (typeof given === "boolean") return { enabled: given };
  return typeof given === "object" && given !== null ? { enabled: true, ...given } : given;
}

/** Completes the settings: where the service runs decides how long it drains. */
export function completeShutdown(read: ReadShutdown, env: Environment): ShutdownSettings {
  const inKubernetes = (env["KUBERNETES_SERVICE_HOST"] ?? "") !== "";
  return { drainDelayMs: inKubernetes ? KUBERNETES_DELAY_MS : 0, exit: read.enabled, ...read };
}
