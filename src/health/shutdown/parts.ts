import type { Logger } from "pino";
import type { Hooks } from "./hooks/hooks.js";
import type { FindRequest } from "./servers/open-requests.js";
import type { Servers } from "./servers/servers.js";
import type { ShutdownSettings } from "./settings.js";
import type { ShutdownTelemetry } from "./telemetry.js";

/** What the house does at the turning points of a shutdown. */
export interface ShutdownSteps {
  /** Turns readiness off, synchronously. */
  drain(reason: string): void;
  /** Ends polling and aborts the checks that run. */
  stopChecks(): void;
  /** Sends what logs, metrics and spans still hold. */
  flush(): Promise<void>;
  /** Writes the buffered log lines at once, before the process is cut off. */
  flushLogs(): void;
  /** Closes the health listener and the management port. */
  close(): Promise<void>;
}

/** What a shutdown is made of. */
export interface SequenceParts {
  readonly settings: ShutdownSettings;
  readonly steps: ShutdownSteps;
  readonly servers: Servers;
  readonly find: FindRequest;
  readonly drainHooks: Hooks;
  readonly upgradeHooks: Hooks;
  readonly shutdownHooks: Hooks;
  /** Frameworks that close themselves; before the hooks of the service, whose resources they may use. */
  readonly frameworkHooks: Hooks;
  readonly telemetry: ShutdownTelemetry;
  readonly log: Logger;
}

/** What a shutdown has come to. */
export interface Progress {
  reason: string;
  phase: string;
  /** Hooks that are running. */
  readonly hooks: Set<string>;
  readonly failures: string[];
  cutRequests: number;
}
