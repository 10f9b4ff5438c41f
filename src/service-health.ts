import type { IncomingMessage, ServerResponse } from "node:http";
import type { Detach, Probe } from "./collector.js";
import { createHealth, type Health } from "./health/index.js";
import { poolReaderOf } from "./health/indicators/connections.js";
import { createManagement } from "./management.js";
import type { Settings } from "./options.js";
import type { CheckOptions } from "./scope.js";
import type { Signals } from "./signals.js";

/** Joins health with the signals: its families, its log, and requests that leave no trace. */
export function createServiceHealth(
  settings: Settings,
  { catalog, logger, sample, faults }: Signals,
  onServe: (req: object) => void,
): Health {
  const hooks = {
    log: logger.component("health"),
    declare: catalog.for("health"),
    sample,
    onServe,
    onFault: (error: unknown) => faults.note("health", error),
  };
  return createHealth(settings.health, hooks, (handler, where) => {
    const endpoint = (req: IncomingMessage, res: ServerResponse): boolean => handler(req, res);
    return createManagement({ open: [endpoint], guarded: () => [] }, where).listen();
  });
}

/** Registers the readiness check of a client, under a name of its own where its name is taken. */
export function clientCheck(health: Health): (name: string, probe: Probe, options: CheckOptions) => Detach {
  return (name, probe, options) => {
    if (options === false) return () => undefined;
    const check = ({ signal }: { signal: AbortSignal }): unknown => probe(signal);
    return health.registerHealthCheck(freeName(health, name), check, { kind: "dependency", ...options });
  };
}

/** Shows how much of a pool is left in `/health`, where `target` is one. */
export function showConnections(health: Health, target: unknown, instance: string | undefined): Detach {
  const read = poolReaderOf(target);
  if (read === undefined) return () => undefined;
  const isTaken = health.hasCheck("connections");
  const name = isTaken ? freeName(health, `connections-${instance ?? 2}`) : "connections";
  return health.registerHealthCheck(name, health.indicators.connections(read));
}

function freeName(health: Health, name: string): string {
  let free = name;
  for (let n = 2; health.hasCheck(free); n++) free = `${name}-${n}`;
  return free;
}
