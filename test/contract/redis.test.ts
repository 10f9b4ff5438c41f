import { createClient, createClientPool } from "redis";
import { describe, test } from "vitest";
import { redis as collector, type RedisLike } from "../../src/collectors/cache/redis.js";
import { serviceUrl } from "../support/services/index.js";
import { contractOf } from "./subjects.js";

describe("the collector of redis keeps the contract: a client", { timeout: 120_000 }, () => {
  const fixture = {
    async open() {
      const client = createClient({ url: await serviceUrl("redis") });
      await client.connect();
      const target: RedisLike = client;
      return { target, exercise: () => client.get("telltale:none"), close: () => client.close() };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});

describe("the collector of redis keeps the contract: a pool", { timeout: 120_000 }, () => {
  const fixture = {
    async open() {
      const pool = createClientPool({ url: await serviceUrl("redis") });
      await pool.connect();
      const target: RedisLike = pool;
      return { target, exercise: () => pool.get("telltale:none"), close: () => pool.close() };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
