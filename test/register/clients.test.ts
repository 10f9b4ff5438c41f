import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { listen, PATIENCE } from "../support/service.js";
import { serviceUrl } from "../support/services/index.js";
import { type App, buildRegister, runApp } from "./run-app.js";

const { register } = buildRegister();
const START_MS = 120_000;

const commands = (app: App) => app.counts("cache_requests_total", ["operation", "result"]);

describe("redis under register", { timeout: START_MS }, () => {
  test("is observed by server, ioredis where that is asked for", async () => {
    const url = await serviceUrl("redis");
    const args = [url, await serviceUrl("mariadb")];
    const app = await runApp(register, "clients.mjs", { args });
    for (const path of ["/redis", "/ioredis"]) await fetch(app.url + path);
    await expect.poll(() => commands(app), PATIENCE).toEqual({ "get miss": 1 });
    const both = await runApp(register, "clients.mjs", { args, env: { TELLTALE_REGISTER_IOREDIS: "true" } });
    for (const path of ["/redis", "/ioredis"]) await fetch(both.url + path);
    await expect.poll(() => commands(both), PATIENCE).toEqual({ "get miss": 1, "hget miss": 1 });
    const { host } = new URL(url);
    expect(await both.counts("cache_requests_total", ["cache", "operation"])).toMatchObject({
      [`${host} get`]: 1,
    });
    await fetch(`${both.url}/stop`);
    expect(await both.ended()).toBe(0);
  });
});

describe("mysql2 under register", { timeout: START_MS }, () => {
  test("is observed by server and database, each query under the request that asked, also when it waited", async () => {
    const url = await serviceUrl("mariadb");
    const posts: Buffer[] = [];
    const { url: collector } = await listen(
      createServer((req, res) => {
        req.on("data", (chunk: Buffer) => posts.push(chunk)).on("end", () => res.end());
      }),
    );
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
    const app = await runApp(register, "clients.mjs", { args: [await serviceUrl("redis"), url], env });
    await Promise.all([1, 2].map(() => fetch(`${app.url}/mysql2`)));
    const { host, pathname } = new URL(url);
    await expect
      .poll(() => app.counts("db_operations_total", ["db", "operation", "outcome"]), PATIENCE)
      .toEqual({ [`${host.includes(":") ? host : `${host}:3306`}${pathname} SELECT ok`]: 6 });
    await fetch(`${app.url}/stop`);
    expect(await app.ended()).toBe(0);
    const traces = spansIn(Buffer.concat(posts).toString()).filter(({ name }) => name === "SELECT");
    const perTrace = new Map<string, number>();
    for (const { traceId } of traces) perTrace.set(traceId, (perTrace.get(traceId) ?? 0) + 1);
    expect([...perTrace.values()]).toEqual([3, 3]);
  });
});

/** The spans of OTLP requests in JSON, one after the other. */
function spansIn(text: string): { name: string; traceId: string }[] {
  return [...text.matchAll(/"traceId":"(\w+)"[^{}]*?"name":"([^"]*)"/g)].map(
    ([, traceId = "", name = ""]) => ({
      name,
      traceId,
    }),
  );
}
