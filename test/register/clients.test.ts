import { describe, expect, test } from "vitest";
import { PATIENCE } from "../support/service.js";
import { serviceUrl } from "../support/services/index.js";
import { type App, buildRegister, runApp } from "./run-app.js";

const { register } = buildRegister();
const START_MS = 120_000;

const commands = (app: App) => app.counts("cache_requests_total", ["operation", "result"]);

describe("redis under register", { timeout: START_MS }, () => {
  test("is observed by server, ioredis where that is asked for", async () => {
    const url = await serviceUrl("redis");
    const args = [url];
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
