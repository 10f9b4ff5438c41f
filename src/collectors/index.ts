import type { Collector, DomainName } from "../collector.js";
import { ioredis } from "./cache/ioredis.js";
import { redis } from "./cache/redis.js";
import { mysql2 } from "./db/mysql2.js";
import { agent } from "./http/agent.js";
import { express } from "./http/express.js";
import { fastify } from "./http/fastify.js";
import { fetchClient } from "./http/fetch.js";
import { node } from "./http/node.js";
import { nodeClient } from "./http/node-client.js";
import { processCollector } from "./process/node.js";

/** A collector whose target and options are its own affair. */
export type AnyCollector = Collector<never, never, DomainName> & { matches(value: unknown): boolean };

/** Every built-in collector; `instrument()` takes the first that matches. */
export const COLLECTORS: readonly AnyCollector[] = [
  express,
  fastify,
  node,
  fetchClient,
  nodeClient,
  agent,
  processCollector,
  ioredis,
  redis,
  mysql2,
] as unknown as AnyCollector[];
