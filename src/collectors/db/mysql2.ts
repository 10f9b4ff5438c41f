import type { Attributes } from "@opentelemetry/api";
import { listenTo } from "../../channels.js";
import type { Collector, Detach } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import { contexts, SUPPRESSED_ROOT } from "../../tracing/context.js";
import { attributesOf, queryHandlers } from "./mysql2-channels.js";
import { type MysqlConnection, type MysqlPool, observePool } from "./mysql2-pool.js";
import { type ClientOptions, SLOW_MS } from "./options.js";

/** A pool or connection of mysql2, of either face. */
export type Mysql2Like =
  | MysqlPool
  | MysqlConnection
  | { readonly pool: MysqlPool }
  | { readonly connection: MysqlConnection };

/** Observes a pool or connection of mysql2 or mysql2/promise through its own channels: `obs.instrument(pool)`. */
export const mysql2: Collector<Mysql2Like, ClientOptions, "db"> = {
  name: "mysql2",
  domain: "db",
  supports: ">=3.20 <4",

  matches(value): value is Mysql2Like {
    return looksLike<Mysql2Like>(value, (target) => isPool(coreOf(target)) || isConnection(coreOf(target)));
  },

  attach(target, scope, { slowMs = SLOW_MS, check = true }) {
    const core = coreOf(target) as MysqlPool | MysqlConnection;
    const { instance, domain, guard } = scope;
    // The same for all queries of a client; not the message itself, which holds a query and its result.
    let found: Attributes | undefined;
    const attributes = (): Attributes => found ?? {};
    const client = domain.client({ name: instance, system: "mysql", attributes, slowMs });
    const own = createOwnership();
    const handlers = queryHandlers((message) => {
      if (!own.isCalling()) return undefined;
      found ??= attributesOf(message);
      return client;
    });
    const undo = [listenTo(guard, "db", handlers)];
    if (isPool(core)) undo.push(observePool(core, { scope, client, ...own }));
    else {
      own.adopt(core);
      undo.push(() => own.release(core));
    }
    if (check) scope.check(instance, createProbe(core));
    return () => {
      for (const detach of undo) detach();
    };
  },
};

interface Ownership {
  /** True while a method of an adopted connection runs. */
  isCalling(): boolean;
  adopt(connection: MysqlConnection): void;
  release(connection: MysqlConnection): void;
}

/** Which connections are the target's: the channels do not tell whose query they tell of, but tell it while it is called. */
function createOwnership(): Ownership {
  const adopted = new WeakMap<MysqlConnection, readonly Detach[]>();
  let depth = 0;

  function calling(method: MysqlConnection["query"]): MysqlConnection["query"] {
    return function (this: MysqlConnection, ...args) {
      depth++;
      try {
        return method.apply(this, args);
      } finally {
        depth--;
      }
    };
  }

  return {
    isCalling: () => depth > 0,
    adopt(connection) {
      if (adopted.has(connection)) return;
      const { query, execute } = connection;
      adopted.set(connection, [
        shadow(connection, "query", calling(query)),
        shadow(connection, "execute", calling(execute)),
      ]);
    },
    release(connection) {
      for (const restore of adopted.get(connection) ?? []) restore();
      adopted.delete(connection);
    },
  };
}

function coreOf(target: object): object {
  const { pool, connection } = target as { pool?: object; connection?: object };
  if (pool !== undefined && isPool(pool)) return pool;
  return connection !== undefined && isConnection(connection) ? connection : target;
}

function isPool(value: object): value is MysqlPool {
  return (
    "getConnection" in value &&
    "execute" in value &&
    "releaseConnection" in value &&
    "_allConnections" in value
  );
}

function isConnection(value: object): value is MysqlConnection {
  return "query" in value && "execute" in value && "addCommand" in value;
}

// One at a time: those given up for lack of an answer would stand in the queue of the pool, more and more of them.
function createProbe(core: MysqlPool | MysqlConnection): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= contexts.run(SUPPRESSED_ROOT, ping, undefined, core).finally(() => {
      running = undefined;
    });
    return running;
  };
}

function ping(core: MysqlPool | MysqlConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown): void => (error ? reject(error as Error) : resolve());
    if (!isPool(core)) return void core.ping(settle);
    core.getConnection((error, connection) => {
      if (error || connection === undefined) return reject(error as Error);
      connection.ping((failure) => {
        connection.release();
        settle(failure);
      });
    });
  });
}
