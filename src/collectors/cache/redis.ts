import type { Attributes } from "@opentelemetry/api";
import { type ChannelHandlers, listenTo } from "../../channels.js";
import type { Collector, Detach } from "../../collector.js";
import { looksLike } from "../../looks-like.js";
import { shadow } from "../../shadow.js";
import { contexts, SUPPRESSED_ROOT } from "../../tracing/context.js";
import { type ClientOptions, SLOW_MS } from "./options.js";
import { attributesOf, type CommandMessage, commandHandlers } from "./redis-channels.js";
import { patience } from "./redis-replies.js";

interface RedisClientLike {
  readonly _clientId: string;
  readonly isReady: boolean;
}

interface RedisPoolLike {
  readonly totalClients: number;
  readonly isOpen: boolean;
  execute(task: never): Promise<unknown>;
}

/** A client or a client pool of redis. */
export type RedisLike = (RedisClientLike | RedisPoolLike) & { ping(): Promise<unknown> };

/** Observes a client or a pool of redis (node-redis) through its own channels: `obs.instrument(client)`. */
export const redis: Collector<RedisLike, ClientOptions, "cache"> = {
  name: "redis",
  domain: "cache",
  supports: ">=6 <7",

  matches(value): value is RedisLike {
    return looksLike<RedisLike>(value, (client) => isClient(client) || isPool(client));
  },

  attach(target, scope, { slowMs = SLOW_MS, check = true }) {
    const { instance: cache, domain, guard } = scope;
    // The same for all commands of a client; not the message itself, which holds a reply.
    let found: Attributes | undefined;
    const attributes = (): Attributes => found ?? {};
    const client = domain.client({ name: cache, system: "redis", attributes, slowMs: patience(slowMs) });
    const { owns, undo, handlers } = isPool(target) ? followPool(target) : followClient(target);
    const commands = commandHandlers("node-redis", (message) => {
      if (message.clientId === undefined || !owns(message.clientId)) return undefined;
      found ??= attributesOf(message);
      return client;
    });
    const unlisten = listenTo(guard, "cache", { ...commands, ...handlers });
    scope.sample(() => domain.connections.set({ cache }, connectionsOf(target)));
    if (check) scope.check(cache, () => probe(target));
    return () => {
      unlisten();
      undo();
      domain.connections.remove({ cache });
    };
  },
};

type Task = (client: RedisClientLike) => unknown;

interface Followed {
  /** Whether a client belongs to the target. */
  owns(clientId: string): boolean;
  readonly undo: Detach;
  readonly handlers: ChannelHandlers<CommandMessage>;
}

function followClient(client: RedisClientLike): Followed {
  return { owns: (id) => id === client._clientId, undo: () => undefined, handlers: {} };
}

// A pool shows its clients only to what they execute. One that was waited for is handed over in the turn of whoever gave it
// back: what is executed with it goes on in the context of its own caller.
function followPool(pool: RedisPoolLike): Followed {
  const ids = new Set<string>();
  const execute = pool.execute as (task: Task) => Promise<unknown>;
  function observed(this: RedisPoolLike, task: Task): Promise<unknown> {
    const caller = contexts.active();
    return execute.call(this, (client) => {
      ids.add(client._clientId);
      return contexts.run(caller, task, undefined, client);
    });
  }
  return {
    owns: (id) => ids.has(id),
    undo: shadow(pool, "execute", observed as RedisPoolLike["execute"]),
    handlers: {
      "node-redis:connection:closed": ({ clientId }) => void (clientId === undefined || ids.delete(clientId)),
    },
  };
}

function isClient(value: object): value is RedisClientLike {
  return "_clientId" in value && "isReady" in value && "sendCommand" in value;
}

function isPool(value: object): value is RedisPoolLike {
  return "totalClients" in value && "execute" in value && "sendCommand" in value;
}

function connectionsOf(target: RedisLike): number {
  return isPool(target) ? target.totalClients : Number(target.isReady);
}

// A client that is not connected would queue the ping.
async function probe(target: RedisLike): Promise<boolean> {
  const isUp = isPool(target) ? target.isOpen : target.isReady;
  if (!isUp) throw new Error("redis is not connected");
  await contexts.run(SUPPRESSED_ROOT, target.ping, target);
  return true;
}
