import type { Attributes } from "@opentelemetry/api";
import type { Collector, Scope } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import { contexts, SUPPRESSED_ROOT } from "../../tracing/context.js";
import type { CacheClient, CacheDomain } from "./index.js";
import { type ClientOptions, SLOW_MS } from "./options.js";
import { errorClassOf, HANDSHAKE, patience, resultOf } from "./redis-replies.js";

/** A command on its way; what it does is called through its own properties. */
interface Command {
  readonly name: string;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
  [seen: symbol]: boolean;
}

/** A Redis or a Cluster of ioredis. */
export interface IoredisLike {
  readonly status: string;
  readonly options?: {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
    readonly path?: string | undefined;
    readonly db?: number | undefined;
  };
  sendCommand(command: never, stream?: unknown, node?: unknown): unknown;
  ping(): Promise<unknown>;
  nodes?(): unknown[];
}

/**
 * Observes a client or cluster of ioredis: `obs.instrument(redis)`. Not through ioredis's own channels: with a subscriber
 * on them, commands that nobody awaits fail without an `unhandledRejection`.
 */
export const ioredis: Collector<IoredisLike, ClientOptions, "cache"> = {
  name: "ioredis",
  domain: "cache",
  supports: ">=6 <7",

  matches(value): value is IoredisLike {
    return looksLike<IoredisLike & { defineCommand: unknown }>(
      value,
      (redis) =>
        typeof redis.sendCommand === "function" &&
        typeof redis.defineCommand === "function" &&
        typeof redis.status === "string",
    );
  },

  attach(redis, scope, { slowMs = SLOW_MS, check = true }) {
    const { instance: cache, domain } = scope;
    const attributes = (): Attributes => attributesOf(redis);
    const client = domain.client({ name: cache, system: "redis", attributes, slowMs: patience(slowMs) });
    const send = redis.sendCommand as (...args: unknown[]) => unknown;
    const observe = createObserver(client, scope);
    let attached = true;
    const restore = shadow(redis, "sendCommand", function (this: IoredisLike, command: Command, ...rest) {
      if (attached) observe(command, this.status);
      return send.call(this, command, ...rest);
    } as IoredisLike["sendCommand"]);
    scope.sample(() => domain.connections.set({ cache }, connectionsOf(redis)));
    if (check) scope.check(cache, () => probe(redis));
    return () => {
      attached = false;
      restore();
      domain.connections.remove({ cache });
    };
  },
};

function createObserver(
  client: CacheClient,
  { guard }: Scope<CacheDomain>,
): (command: Command, status: string) => void {
  const seen = Symbol("telltale.ioredis");
  const begin = (command: Command, status: string): void => {
    // A command comes by again when it leaves the offline queue and when it is sent again after a reconnect.
    if (command[seen] === true || (status === "connect" && HANDSHAKE.has(command.name))) return;
    const running = client.begin(command.name);
    if (running === undefined) return;
    command[seen] = true;
    const { name, resolve, reject } = command;
    command.resolve = (reply) => {
      guard("cache", () => running.end(resultOf(name, reply)));
      resolve(reply);
    };
    command.reject = (error) => {
      guard("cache", () => running.end("error", errorClassOf(error)));
      reject(error);
    };
  };
  return (command, status) => void guard("cache", () => begin(command, status));
}

function attributesOf({ options }: IoredisLike): Attributes {
  const { host, port, path, db } = options ?? {};
  const address = path ?? host;
  return {
    ...(address === undefined ? {} : { "server.address": address }),
    ...(path === undefined && port !== undefined ? { "server.port": port } : {}),
    ...(db === undefined ? {} : { "db.namespace": String(db) }),
  };
}

function connectionsOf(redis: IoredisLike): number {
  if (redis.status !== "ready") return 0;
  return redis.nodes?.().length ?? 1;
}

// A client that connects at its first command is not made to; one that is reconnecting would queue the ping.
async function probe(redis: IoredisLike): Promise<boolean> {
  if (redis.status === "wait") return true;
  if (redis.status !== "ready") throw new Error(`ioredis is ${redis.status}`);
  await contexts.run(SUPPRESSED_ROOT, redis.ping, redis);
  return true;
}
