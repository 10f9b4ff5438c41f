import { createClient, createClientPool } from "redis";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { redis } from "../../src/collectors/cache/redis.js";
import { table } from "../support/exposition.js";
import { type Observed, observe, PATIENCE } from "../support/service.js";
import { serviceUrl } from "../support/services/index.js";
import { unhandledRejections } from "../support/unhandled.js";

let url = "";
beforeAll(async () => {
  url = await serviceUrl("redis");
}, 120_000);

let keys = 0;
const newKey = (): string => `telltale:node-redis:${process.pid}:${keys++}`;

async function connect() {
  const client = createClient({ url });
  client.on("error", () => undefined);
  onTestFinished(() => client.destroy());
  await client.connect();
  return client;
}

async function counts({ samples }: Observed): Promise<Record<string, number>> {
  return table(await samples(), "cache_requests_total", ["cache", "operation", "result"]);
}

describe("a client of redis", () => {
  test("has hits, misses, other commands and errors counted, its own alone", async () => {
    const observed = observe();
    const [client, other] = [await connect(), await connect()];
    observed.obs.instrument(client, { name: "sessions", check: { intervalMs: 200, timeoutMs: 100 } });
    const key = newKey();
    await other.set(key, "value", { EX: 60 });
    await client.get(key);
    await client.get(newKey());
    await client.hGetAll(newKey());
    await client.expire(key, 60);
    await expect(client.lPush(key, "x")).rejects.toThrow("WRONGTYPE");
    expect(await counts(observed)).toEqual({
      "sessions get hit": 1,
      "sessions get miss": 1,
      "sessions hgetall miss": 1,
      "sessions expire ok": 1,
      "sessions lpush error": 1,
    });
    expect(table(await observed.samples(), "cache_connections", ["cache"])).toEqual({ sessions: 1 });
  });

  test("counts a transaction once and each command of a pipeline", async () => {
    const observed = observe();
    const client = await connect();
    observed.obs.instrument(client);
    const key = newKey();
    await client.multi().set(key, "1", { EX: 60 }).get(key).exec();
    expect(await counts(observed)).toEqual({ "redis multi ok": 1 });
    await client.multi().get(key).get(newKey()).execAsPipeline();
    expect(await counts(observed)).toEqual({ "redis multi ok": 1, "redis get hit": 1, "redis get miss": 1 });
  });

  test("counts the failure of a client that is closed", async () => {
    const observed = observe();
    const client = createClient({ url });
    observed.obs.instrument(client);
    await expect(client.get("x")).rejects.toThrow();
    expect(await counts(observed)).toEqual({ "redis get error": 1 });
  });

  test("raises unhandledRejection for a command that nobody awaits, as without", async () => {
    const seen = unhandledRejections();
    const client = await connect();
    observe().obs.instrument(client);
    const key = newKey();
    await client.set(key, "1", { EX: 60 });
    void client.lPush(key, "x");
    await expect.poll(() => seen.length, PATIENCE).toBe(1);
    await client.ping();
    expect(seen.length).toBe(1);
  });

  test("shows no value in labels, spans or lines", async () => {
    const observed = observe();
    const client = await connect();
    observed.obs.use(redis, client, { slowMs: 0 });
    const secret = `secret${newKey()}`;
    await client.set(secret, secret, { EX: 60 });
    await client.get(secret);
    await client.lPush(secret, secret).catch(() => undefined);
    const shown = JSON.stringify([
      observed.spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      observed.lines,
    ]);
    expect(shown).toContain("lpush");
    expect(shown).not.toContain("secret");
  });

  test("is ready while it is connected, and its probe is not counted", async () => {
    const observed = observe();
    const client = await connect();
    observed.obs.instrument(client, { name: "sessions", check: { intervalMs: 200, timeoutMs: 100 } });
    const ready = async () => (await observed.obs.health.getHealthStatus()).checks["sessions"]?.status;
    await expect.poll(ready, PATIENCE).toBe("healthy");
    expect(await counts(observed)).toEqual({});
    client.destroy();
    await expect.poll(ready, PATIENCE).not.toBe("healthy");
  });
});

describe("a pool of redis", () => {
  async function pooled(maximum: number) {
    const observed = observe();
    const pool = createClientPool({ url }, { minimum: 1, maximum });
    pool.on("error", () => undefined);
    onTestFinished(() => pool.destroy());
    await pool.connect();
    observed.obs.instrument(pool, { name: "pool" });
    return { observed, pool };
  }

  test("has the commands of its clients counted, and those of no other", async () => {
    const { observed, pool } = await pooled(2);
    const other = await connect();
    await Promise.all([pool.get(newKey()), pool.get(newKey()), pool.get(newKey()), other.get(newKey())]);
    await pool.execute((client) => client.get(newKey()));
    expect(await counts(observed)).toEqual({ "pool get miss": 4 });
    expect(table(await observed.samples(), "cache_connections", ["cache"])["pool"]).toBeGreaterThan(0);
  });

  test("gives each command the span of its own caller, also when it waited for a client", async () => {
    const { observed, pool } = await pooled(1);
    const { tracer } = observed.obs;
    const callers = await Promise.all(
      ["a", "b", "c"].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await pool.get(newKey());
          span.end();
          return span.spanContext().spanId;
        }),
      ),
    );
    const parents = observed.spans
      .filter(({ name }) => name === "get")
      .map((span) => span.parentSpanContext?.spanId);
    expect([...parents].sort()).toEqual([...callers].sort());
  });
});
