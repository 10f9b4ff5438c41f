import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { boundedValues } from "../../bounded.js";
import type { DomainKit } from "../../collector.js";
import type { Gauge } from "../../metrics/types.js";
import type { Operation } from "../../operation.js";
import { createOperationLog } from "../../operation-log.js";
import { contexts, isTracingSuppressed } from "../../tracing/context.js";
import { SECONDS } from "../buckets.js";

declare module "../../collector.js" {
  interface Domains {
    cache: CacheDomain;
  }
}

/** How a request to a cache ended. `ok` where nothing is looked up. */
export type CacheResult = "hit" | "miss" | "stale" | "ok" | "error";

/** The vocabulary of caches. */
export interface CacheDomain {
  /** Speaks for one cache. */
  client(identity: CacheIdentity): CacheClient;
  /** `cache_connections`. */
  readonly connections: Gauge<"cache">;
}

/** Which cache it is. */
export interface CacheIdentity {
  /** Value of the label `cache`. */
  readonly name: string;
  /** `db.system.name` of its spans. */
  readonly system: string;
  /** Further attributes of its spans, asked for at the end of each that is recorded. */
  attributes(): Attributes;
  /** An operation at least this long has a log line, milliseconds; Infinity for none. */
  slowMs(operation: string): number;
}

/** One cache, as it is spoken for. */
export interface CacheClient {
  /** Begins an operation in the caller's context; undefined for telltale's own. */
  begin(operation: string, parent?: Context): CacheOperation | undefined;
}

/** One operation that runs. */
export interface CacheOperation {
  /** Ends it; `error` is the class of a failure. */
  end(result: CacheResult, error?: string): void;
}

/** Commands of servers are a few hundred, names that code makes up are not. */
const MAX_OPERATIONS = 300;

/** Declares the families of the domain and makes its vocabulary. */
export function createCacheDomain(kit: DomainKit): CacheDomain {
  const operation = kit.operation({
    total: {
      name: "cache_requests_total",
      help: "Operations on a cache, by result; `ok` where nothing was looked up.",
    },
    duration: {
      name: "cache_operation_duration_seconds",
      help: "Time from the call of an operation on a cache to its reply.",
      buckets: SECONDS,
    },
    startLabels: ["cache", "operation"],
    endLabels: ["result"],
    spanKind: SpanKind.CLIENT,
  });
  const connections = kit.declare.gauge({
    name: "cache_connections",
    help: "Open connections to a cache server.",
    labelNames: ["cache"],
  });
  const operationOf = boundedValues(MAX_OPERATIONS);
  return { client: (identity) => createClient(kit, operation, { ...identity, operationOf }), connections };
}

function createClient(
  kit: DomainKit,
  operations: Operation,
  identity: CacheIdentity & { operationOf: (name: string) => string },
): CacheClient {
  const { name: cache, system, operationOf } = identity;
  const log = createOperationLog(kit.log);
  return {
    begin(name, parent = contexts.active()) {
      if (isTracingSuppressed(parent)) return undefined;
      const operation = operationOf(name);
      const running = operations.start({ labels: [cache, operation], spanName: operation, parent });
      const attributes = (): Attributes => ({
        "db.system.name": system,
        "db.operation.name": operation,
        ...identity.attributes(),
      });
      return {
        end(result, error) {
          const seconds = running.end({ labels: [result], error, attributes });
          if (seconds !== undefined)
            log({
              fields: { cache, operation },
              seconds,
              error,
              context: running.context,
              slowMs: identity.slowMs(name),
            });
        },
      };
    },
  };
}
