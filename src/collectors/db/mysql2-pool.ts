import type { Detach, Scope } from "../../collector.js";
import { shadow } from "../../shadow.js";
import { contexts, isTracingSuppressed } from "../../tracing/context.js";
import type { DbClient, DbDomain } from "./index.js";
import { codeOf } from "./mysql2-channels.js";
import type { PoolReading } from "./pool.js";

/** A connection of mysql2's callback face. */
export interface MysqlConnection {
  query(...args: never[]): unknown;
  execute(...args: never[]): unknown;
  ping(done: (error: unknown) => void): unknown;
}

type Take = (error: unknown, connection?: MysqlConnection & { release(): void }) => void;

/** A pool of mysql2's callback face. */
export interface MysqlPool {
  getConnection(take: Take): unknown;
  releaseConnection(connection: never): unknown;
  readonly config?: { readonly connectionLimit?: number };
  readonly _allConnections?: { readonly length: number };
  readonly _freeConnections?: { readonly length: number };
  readonly _connectionQueue?: { readonly length: number };
}

/** What a pool is observed with. */
export interface PoolParts {
  readonly scope: Scope<DbDomain>;
  readonly client: DbClient;
  adopt(connection: MysqlConnection): void;
  release(connection: MysqlConnection): void;
}

/**
 * Shadows `getConnection`, through which all goes: the wait is measured, and what waited in the queue goes on in the context of
 * its own caller, not in that of whoever gave the connection back.
 */
export function observePool(pool: MysqlPool, { scope, client, adopt, release }: PoolParts): Detach {
  const { instance, domain, guard } = scope;
  const families = domain.pool(instance);
  const wrapped = new WeakSet<Take>();
  let attached = true;
  // The readiness probe may stand in the queue as well.
  let probing = 0;
  const getConnection = pool.getConnection;

  function taking(take: Take): Take {
    const caller = contexts.active();
    const startedAt = performance.now();
    const isOwn = isTracingSuppressed(caller);
    if (isOwn) probing++;
    const observed: Take = (error, connection) => {
      if (isOwn) probing--;
      guard("db", () => {
        if (!isOwn) families.waited((performance.now() - startedAt) / 1000);
        if (!isOwn && error) contexts.run(caller, client.failed, undefined, codeOf(error));
        if (connection !== undefined && attached) adopt(connection);
      });
      contexts.run(caller, take, undefined, error, connection);
    };
    wrapped.add(observed);
    return observed;
  }

  // A caller that stays in the queue is put through here once more.
  const restore = shadow(pool, "getConnection", function (this: MysqlPool, take) {
    return getConnection.call(
      this,
      attached && typeof take === "function" && !wrapped.has(take) ? taking(take) : take,
    );
  });
  scope.sample(() => families.show(readPool(pool, probing)));
  return () => {
    attached = false;
    restore();
    const open = pool._allConnections;
    if (Array.isArray(open)) for (const connection of open as MysqlConnection[]) release(connection);
    families.forget();
  };
}

function readPool(pool: MysqlPool, probing: number): PoolReading {
  const all = pool._allConnections?.length ?? 0;
  const idle = pool._freeConnections?.length ?? 0;
  const max = pool.config?.connectionLimit;
  const queued = pool._connectionQueue?.length ?? 0;
  // Zero stands for no bound.
  return { used: all - idle, idle, max: max === 0 ? undefined : max, pending: Math.max(0, queued - probing) };
}
