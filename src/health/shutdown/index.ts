import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Declare } from "../../collector.js";
import { createAdoption } from "./frameworks.js";
import { createHooks } from "./hooks/hooks.js";
import { closeUpgraded } from "./hooks/upgrades.js";
import type { Progress, SequenceParts, ShutdownSteps } from "./parts.js";
import { performShutdown } from "./perform.js";
import { cutOff } from "./process-end.js";
import { codeOf, takeExceptions, takeSignals } from "./process-signals.js";
import { watchListening } from "./servers/discover.js";
import type { FindRequest } from "./servers/open-requests.js";
import { createServers, type SeenRequest } from "./servers/servers.js";
import { budgetFault, type ShutdownSettings } from "./settings.js";
import { observeShutdown } from "./telemetry.js";
import type { ShutdownFace, ShutdownOutcome, Trigger } from "./types.js";

/** What a shutdown asks of the house. */
export interface ShutdownParts {
  readonly settings: ShutdownSettings;
  readonly steps: ShutdownSteps;
  readonly find: FindRequest;
  readonly declare: Declare;
  readonly tracer: Tracer;
  readonly log: Logger;
}

/** The shutdown of one instance. */
export interface Shutdown {
  readonly face: ShutdownFace;
  /** Takes in a server, or a Fastify instance; passes over anything else. Returns what lets go of the server again. */
  adopt(target: unknown): () => void;
  /** Takes in the server that a request came to. */
  seen(req: SeenRequest): void;
  /** Leaves signals and servers alone again; while a shutdown runs, at its end. */
  release(): void;
}

/** Makes the shutdown, and takes the signals over where the settings say so. */
export function createShutdown(parts: ShutdownParts): Shutdown {
  const { settings, log } = parts;
  const sequence = assemble(parts);
  const { servers, drainHooks, upgradeHooks, shutdownHooks } = sequence;
  const progress: Progress = { reason: "", phase: "drain", hooks: new Set(), failures: [], cutRequests: 0 };
  let running: Promise<ShutdownOutcome> | undefined;

  const begin = (trigger: Trigger): Promise<ShutdownOutcome> =>
    (running ??= performShutdown(sequence, progress, { trigger, release: releaseAll }));

  const releases = [servers.release];
  const releaseAll = (): void => {
    for (const release of releases.splice(0)) release();
  };
  if (settings.enabled) {
    const fault = budgetFault(settings);
    if (fault !== undefined) log.warn({ event: "shutdown_budget" }, fault);
    releases.push(watchListening(servers.adopt), takeSignals(settings.signals, signalHandlers(parts, begin)));
  }
  if (settings.uncaughtException)
    releases.push(
      takeExceptions((error, origin) => {
        tellException(log, error, origin);
        if (running === undefined) void begin({ reason: origin, error });
        else progress.failures.push(origin);
      }),
    );

  return {
    face: {
      shutdown: (reason = "shutdown") => begin({ reason }),
      onDrain: (name, hook) => drainHooks.add(name, hook),
      onUpgradeClose: (target) => upgradeHooks.add("upgraded connections", closeUpgraded(target)),
      onShutdown: shutdownHooks.add,
    },
    adopt: createAdoption(servers, sequence.frameworkHooks),
    seen: servers.seen,
    release: () => void (running === undefined && releaseAll()),
  };
}

function assemble({ declare, tracer, ...parts }: ShutdownParts): SequenceParts {
  return {
    ...parts,
    servers: createServers(),
    drainHooks: createHooks("onDrain"),
    upgradeHooks: createHooks("onUpgradeClose"),
    shutdownHooks: createHooks("onShutdown"),
    frameworkHooks: createHooks("frameworks"),
    telemetry: observeShutdown(declare, tracer),
  };
}

function signalHandlers(
  { settings, steps, log }: ShutdownParts,
  begin: (trigger: Trigger) => Promise<ShutdownOutcome>,
): Parameters<typeof takeSignals>[1] {
  return {
    first: (signal) => void begin({ reason: signal, signal }),
    again(signal) {
      if (!settings.exit) return;
      log.warn({ event: "shutdown_forced", signal }, `${signal} again: exits at once`);
      steps.flushLogs();
      cutOff(`${signal} again`, codeOf(signal));
    },
  };
}

// Taking exceptions over must not make them silent.
function tellException(log: Logger, error: unknown, origin: string): void {
  log.fatal({ event: "uncaught_exception", origin, err: error }, "uncaught exception");
  if (!log.isLevelEnabled("fatal")) console.error(error);
}
