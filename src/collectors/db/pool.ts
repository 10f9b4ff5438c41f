import type { Declare, Detach } from "../../collector.js";
import { SECONDS } from "../buckets.js";

/** What a pool says of itself at a scrape. */
export interface PoolReading {
  readonly used: number;
  readonly idle: number;
  /** Undefined where it has no bound. */
  readonly max: number | undefined;
  /** Callers that wait for a connection. */
  readonly pending: number;
}

/** One pool, as it is spoken for. */
export interface DbPool {
  /** Shows what the pool says. */
  show(reading: PoolReading): void;
  /** A caller had its connection, or the word that it gets none, after `seconds`. */
  waited(seconds: number): void;
  /** Takes its gauges away. */
  readonly forget: Detach;
}

/** Declares the families of pools; returns what speaks for one. */
export function createPools(declare: Declare): (pool: string) => DbPool {
  const connections = declare.gauge({
    name: "db_pool_connections",
    help: "Connections of a pool, by state: used or idle.",
    labelNames: ["pool", "state"],
  });
  const max = declare.gauge({
    name: "db_pool_max_connections",
    help: "Most connections that a pool opens.",
    labelNames: ["pool"],
  });
  const pending = declare.gauge({
    name: "db_pool_pending_requests",
    help: "Callers that wait for a connection of a pool.",
    labelNames: ["pool"],
  });
  const wait = declare.histogram({
    name: "db_pool_wait_seconds",
    help: "Time that a caller waited for a connection of a pool.",
    labelNames: ["pool"],
    unit: "seconds",
    buckets: SECONDS,
  });
  return (pool) => ({
    show(reading) {
      connections.set({ pool, state: "used" }, reading.used);
      connections.set({ pool, state: "idle" }, reading.idle);
      pending.set({ pool }, reading.pending);
      if (reading.max !== undefined) max.set({ pool }, reading.max);
    },
    waited: (seconds) => wait.observe({ pool }, seconds),
    forget() {
      for (const state of ["used", "idle"]) connections.remove({ pool, state });
      for (const gauge of [max, pending]) gauge.remove({ pool });
    },
  });
}
