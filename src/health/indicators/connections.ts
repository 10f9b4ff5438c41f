import type { Indicator } from "../types.js";
import { systemIndicator } from "./system.js";

/** How much of a pool is left. */
export interface PoolState {
  /** Connections that can be had now, those not yet opened included. */
  readonly available: number;
  /** Most connections. */
  readonly total: number;
}

/** Reads a pool. */
export type ReadPool = () => PoolState;

/** When a pool is short. */
export interface ConnectionsOptions {
  /** Share that is left below which it is degraded. Default: 0.1. */
  readonly degraded?: number;
}

type Fields = Record<string, unknown>;
type Shape = (pool: Fields) => PoolState | undefined;

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const fieldsOf = (value: unknown): Fields | undefined =>
  (typeof value === "object" && value !== null) || typeof value === "function"
    ? (value as Fields)
    : undefined;
const lengthOf = (value: unknown): number | undefined => {
  const length = fieldsOf(value)?.["length"];
  return isNumber(length) ? length : undefined;
};

function taken(total: unknown, busy: unknown): PoolState | undefined {
  return isNumber(total) && isNumber(busy) ? { total, available: Math.max(0, total - busy) } : undefined;
}

const minus = (a: unknown, b: unknown): number | undefined =>
  isNumber(a) && isNumber(b) ? a - b : undefined;
const call = (pool: Fields, name: string): unknown =>
  typeof pool[name] === "function" ? (pool[name] as () => unknown)() : undefined;

/** The pools that are known by their shape: pg, mysql2 (also with promises), generic-pool, tarn (knex). */
const SHAPES: readonly Shape[] = [
  (pool) => taken(fieldsOf(pool["options"])?.["max"], minus(pool["totalCount"], pool["idleCount"])),
  (pool) =>
    taken(
      fieldsOf(pool["config"])?.["connectionLimit"],
      minus(lengthOf(pool["_allConnections"]), lengthOf(pool["_freeConnections"])),
    ),
  (pool) => taken(pool["max"], pool["borrowed"]),
  (pool) => taken(pool["max"], call(pool, "numUsed")),
];

/** How `pool` is read; undefined when its shape is not known. Never throws. */
export function poolReaderOf(pool: unknown): ReadPool | undefined {
  const inner = fieldsOf(pool);
  const candidates = [inner, fieldsOf(inner?.["pool"])];
  for (const candidate of candidates)
    for (const shape of candidate === undefined ? [] : SHAPES) {
      const read = (): PoolState | undefined => shape(candidate as Fields);
      if (succeeds(read)) return () => read() ?? { available: 0, total: 0 };
    }
  return undefined;
}

function succeeds(read: () => PoolState | undefined): boolean {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
}

/**
 * `{available, total}` of a pool, or of a function that tells them. Degraded below a tenth, unhealthy at none. Throws
 * TypeError when the pool is of no known shape.
 */
export function connections(pool: ReadPool | object, { degraded = 0.1 }: ConnectionsOptions = {}): Indicator {
  const read = poolReaderOf(pool) ?? (typeof pool === "function" ? (pool as ReadPool) : undefined);
  if (read === undefined)
    throw new TypeError(
      "connections: found a pool of no known shape, expected one of pg, mysql2, generic-pool or tarn, or a function () => ({ available, total })",
    );
  return systemIndicator(() => {
    const { available, total } = read();
    const word = available / total < degraded ? "degraded" : "healthy";
    return { status: available <= 0 && total > 0 ? "unhealthy" : word, available, total };
  });
}
