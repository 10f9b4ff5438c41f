import { AsyncLocalStorage } from "node:async_hooks";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ioredis } from "../../src/collectors/cache/ioredis.js";
import { table } from "../support/exposition.js";
import { type Observed, observe, PATIENCE } from "../support/service.js";
import { serviceUrl } from "../support/services/index.js";
import { unhandledRejections } from "../support/unhandled.js";

let url = "";
beforeAll(async () => {
  url = await serviceUrl("redis");
}, 120_000);

let keys = 0;
const newKey = (): string => `telltale:${process.pid}:${keys++}`;

function connect(options: object = {}): Redis {
  const redis = new Redis(url, options);
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function counts({ samples }: Observed): Promise<Record<string, number>> {
  return table(await samples(), "cache_requests_total", ["operation", "result"]);
}

describe("a client of ioredis", () => {
  test("has hits, misses, other commands and errors counted, and its handshake not", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.instrument(redis, { name: "sessions", check: { intervalMs: 200, timeoutMs: 100 } });
    const key = newKey();
    await redis.set(key, "value", "EX", 60);
    await redis.get(key);
    await redis.get(newKey());
    await redis.mget(key, newKey());
    await redis.hgetall(newKey());
    await expect(redis.lpush(key, "x")).rejects.toThrow("WRONGTYPE");
    expect(await counts(observed)).toEqual({
      "set ok": 1,
      "get hit": 1,
      "get miss": 1,
      "mget hit": 1,
      "hgetall miss": 1,
      "lpush error": 1,
    });
    expect(table(await observed.samples(), "cache_connections", ["cache"])).toEqual({ sessions: 1 });
  });

  test("counts a command once that waited in the offline queue, with the caller's span as its parent", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.instrument(redis);
    expect(redis.status).toBe("connecting");
    const got = observed.obs.tracer.startActiveSpan("caller", async (span) => {
      await redis.get(newKey());
      span.end();
      return span.spanContext();
    });
    const { traceId, spanId } = await got;
    expect(await counts(observed)).toEqual({ "get miss": 1 });
    const own = observed.spans.find(({ name }) => name === "get");
    expect(own?.spanContext().traceId).toBe(traceId);
    expect(own?.parentSpanContext?.spanId).toBe(spanId);
    expect(own?.attributes).toMatchObject({ "db.system.name": "redis", "db.operation.name": "get" });
  });

  test("counts each command of a pipeline and of a transaction, where a read is no hit yet", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.instrument(redis);
    const key = newKey();
    await redis.pipeline().set(key, "1", "EX", 60).get(key).exec();
    expect(await counts(observed)).toEqual({ "set ok": 1, "get hit": 1 });
    await redis.multi().get(key).exec();
    expect(await counts(observed)).toMatchObject({ "get hit": 1, "get ok": 1, "multi ok": 1, "exec ok": 1 });
  });

  test("raises unhandledRejection for a command that nobody awaits, as without", async () => {
    const seen = unhandledRejections();
    const observed = observe();
    const redis = connect();
    observed.obs.instrument(redis);
    const key = newKey();
    await redis.set(key, "1", "EX", 60);
    void redis.lpush(key, "x");
    await expect.poll(() => seen.length, PATIENCE).toBe(1);
    expect(String(seen[0])).toContain("WRONGTYPE");
  });

  test("keeps the caller's own context in callbacks and promises", async () => {
    const { obs } = observe();
    const redis = connect();
    obs.instrument(redis);
    const als = new AsyncLocalStorage<string>();
    const seen = await als.run("caller", async () => {
      await redis.get(newKey());
      const inCallback = await new Promise(
        (resolve) => void redis.get(newKey(), () => resolve(als.getStore())),
      );
      return [als.getStore(), inCallback];
    });
    expect(seen).toEqual(["caller", "caller"]);
  });

  test("shows no value in labels, spans or lines", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.use(ioredis, redis, { slowMs: 0 });
    const secret = `secret${newKey()}`;
    await redis.set(secret, secret, "EX", 60);
    await redis.get(secret);
    await redis.eval("return redis.error_reply('ERR ' .. ARGV[1])", 1, secret, secret).catch(() => undefined);
    await redis.lpush(secret, secret).catch(() => undefined);
    const shown = JSON.stringify([
      await observed.obs.metrics.registry.metrics(),
      observed.spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      observed.lines,
    ]);
    expect(shown).toContain("lpush");
    expect(shown).not.toContain("secret");
  });

  test("has one line a second for slow commands and one for failed ones, with the caller's ids", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.use(ioredis, redis, { name: "sessions", slowMs: 0 });
    const key = newKey();
    await observed.obs.tracer.startActiveSpan("caller", async (span) => {
      for (let i = 0; i < 3; i++) await redis.set(key, "1", "EX", 60);
      for (let i = 0; i < 3; i++) await redis.lpush(key, "x").catch(() => undefined);
      span.end();
    });
    const lines = observed.lines.filter((line) => String(line["event"]).startsWith("operation_"));
    expect(lines[0]).toMatchObject({ event: "operation_slow", cache: "sessions", operation: "set" });
    const failed = lines.find((line) => line["event"] === "operation_failed");
    expect(failed).toMatchObject({ operation: "lpush", error: "WRONGTYPE" });
    expect(failed?.["trace_id"]).toBe(
      observed.spans.find(({ name }) => name === "caller")?.spanContext().traceId,
    );
    expect(lines.length).toBeLessThan(6);
  });

  test("waits in BLPOP without being slow", async () => {
    const observed = observe();
    const redis = connect();
    observed.obs.use(ioredis, redis, { slowMs: 0 });
    await redis.blpop(newKey(), 0.01);
    expect(await counts(observed)).toEqual({ "blpop ok": 1 });
    expect(observed.lines.filter((line) => line["event"] === "operation_slow")).toEqual([]);
  });

  test("is ready while it is connected, and its probe is not counted", async () => {
    const observed = observe();
    const redis = connect();
    await redis.ping();
    observed.obs.instrument(redis, { name: "sessions", check: { intervalMs: 200, timeoutMs: 100 } });
    const ready = async () => (await observed.obs.health.getHealthStatus()).checks["sessions"]?.status;
    await expect.poll(ready, PATIENCE).toBe("healthy");
    expect(await counts(observed)).toEqual({});
    redis.disconnect();
    await expect.poll(ready, PATIENCE).not.toBe("healthy");
  });

  test("fails as without where nothing listens, and says so in its metrics", async () => {
    const observed = observe();
    const redis = new Redis(1, "127.0.0.1", { maxRetriesPerRequest: 0, retryStrategy: () => null });
    onTestFinished(() => redis.disconnect());
    redis.on("error", () => undefined);
    observed.obs.instrument(redis);
    await expect(redis.get("x")).rejects.toThrow();
    expect(await counts(observed)).toEqual({ "get error": 1 });
  });

  test("keeps its class and the number of its listeners", () => {
    const { obs } = observe();
    const redis = connect();
    const before = redis.eventNames().map((name) => redis.listenerCount(name));
    obs.instrument(redis);
    expect(redis).toBeInstanceOf(Redis);
    expect(redis.eventNames().map((name) => redis.listenerCount(name))).toEqual(before);
  });

  test("is not disturbed by what goes wrong in the observer", async () => {
    const { obs } = observe();
    const redis = connect();
    obs.instrument(redis);
    const command = { name: Symbol("hostile") } as never;
    expect(() => redis.sendCommand(command)).toThrow();
    await expect(redis.set(newKey(), "1", "EX", 60)).resolves.toBe("OK");
  });
});
