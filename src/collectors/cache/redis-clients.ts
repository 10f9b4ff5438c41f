import { OVERFLOW } from "../../bounded.js";
import { type ChannelModule, isChannelModule, listenTo } from "../../channels.js";
import type { Collector } from "../../collector.js";
import type { CacheClient } from "./index.js";
import { SLOW_MS } from "./options.js";
import { attributesOf, type CommandMessage, commandHandlers } from "./redis-channels.js";
import { HANDSHAKE, patience } from "./redis-replies.js";

/** Which libraries are listened to. */
export interface RedisClientsOptions {
  /** Default: false, for a subscriber on its channels keeps failures that nobody awaits from being an `unhandledRejection`. */
  readonly ioredis?: boolean;
}

const MAX_SERVERS = 50;

/** Observes every client of redis in the process, and of ioredis where that is wanted, by server: `obs.use(redisClients, diagnosticsChannel)`. */
export const redisClients: Collector<ChannelModule, RedisClientsOptions, "cache"> = {
  name: "redis-clients",
  domain: "cache",
  supports: ">=6 <7",
  matches: isChannelModule,

  attach(_module, { domain, guard }, { ioredis = false }) {
    const clients = new Map<string, CacheClient>();

    function clientOf(message: CommandMessage): CacheClient {
      const name = serverOf(message, clients);
      const known = clients.get(name);
      if (known !== undefined) return known;
      const { serverAddress, serverPort } = message;
      const attributes = () => attributesOf({ serverAddress, serverPort });
      const made = domain.client({ name, system: "redis", attributes, slowMs: patience(SLOW_MS) });
      clients.set(name, made);
      return made;
    }

    const ofIoredis = commandHandlers("ioredis", (message) =>
      HANDSHAKE.has(message.command ?? "") || message.batchMode !== undefined ? undefined : clientOf(message),
    );
    return listenTo(guard, "cache", {
      ...commandHandlers("node-redis", clientOf),
      ...(ioredis ? ofIoredis : {}),
    });
  },
};

function serverOf(
  { serverAddress = "localhost", serverPort }: CommandMessage,
  known: ReadonlyMap<string, unknown>,
): string {
  const name = serverPort === undefined ? serverAddress : `${serverAddress}:${serverPort}`;
  return known.has(name) || known.size < MAX_SERVERS ? name : OVERFLOW;
}
