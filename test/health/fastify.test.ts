import type { AddressInfo } from "node:net";
import { fastify as fastify5 } from "fastify";
import { fastify as fastify4 } from "fastify4";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, ask, createHouse, type FakeHouse } from "./fakes.js";

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

function createReady(settings = {}): FakeHouse {
  const house = createHouse(settings);
  house.health.markStarted();
  return house;
}

describe.each([
  ["Fastify 5", fastify5],
  ["Fastify 4", fastify4 as unknown as typeof fastify5],
])("the plugin in %s", (_, fastify) => {
  type App = ReturnType<typeof fastify5>;

  async function start(app: App): Promise<(path: string, method?: string, sent?: string) => Promise<Answer>> {
    opened.push(app);
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    return (path, method, sent) => ask(port, path, method, { sent });
  }

  it("answers its paths and leaves the others", async () => {
    const { health } = createReady();
    const app = fastify();
    void app.register(health.fastify);
    app.get("/users", () => "users");
    const get = await start(app);
    for (const path of ["/health", "/ready", "/live/", "/startup?x=1", "/health/live"]) {
      const answer = await get(path);
      expect([path, answer.status, answer.json()["status"]]).toEqual([path, 200, "healthy"]);
    }
    expect((await get("/users")).body).toBe("users");
    expect((await get("/other")).status).toBe(404);
  });

  it("answers under a prefix of its own and inside a plugin that has one", async () => {
    const { health } = createReady();
    const app = fastify();
    void app.register(health.fastify, { prefix: "/api" });
    void app.register(
      (inner, _options, done) => {
        void inner.register(health.fastify);
        done();
      },
      { prefix: "/inner" },
    );
    const get = await start(app);
    expect((await get("/api/ready")).status).toBe(200);
    expect((await get("/inner/health/live/")).status).toBe(200);
    expect((await get("/ready")).status).toBe(404);
  });

  it.each([
    ["/api/health", "/api/health"],
    ["/api/health", ""],
    ["", "/api/health"],
  ])("with base path %j under the prefix %j answers below /api/health", async (basePath, prefix) => {
    const { health } = createReady({ basePath });
    const app = fastify();
    void app.register(health.fastify, prefix === "" ? {} : { prefix });
    const get = await start(app);
    for (const path of ["/api/health", "/api/health/live", "/api/health/ready/", "/api/health/startup"])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect((await get("/api/health/checks/x")).json()).toEqual({ error: "not found" });
  });

  it("tells one check to those who are authorised", async () => {
    const { health, clock } = createReady({
      details: { public: "data", authorized: "full", token: "t0ken" },
    });
    health.registerHealthCheck("my db", () => ({ host: "db1" }));
    await clock.pass(0);
    const app = fastify();
    void app.register(health.fastify);
    await start(app);
    const { port } = app.server.address() as AddressInfo;
    const headers = { authorization: "Bearer t0ken" };
    const answer = await ask(port, "/health/checks/my%20db", "GET", { headers });
    expect([answer.status, answer.json()["checks"]]).toMatchObject([200, { "my db": { host: "db1" } }]);
    expect((await ask(port, "/health/checks/my%20db")).status).toBe(404);
  });

  it("answers HEAD like GET without a body, and refuses the rest before it reads a body", async () => {
    const { health } = createReady();
    const app = fastify();
    void app.register(health.fastify);
    const get = await start(app);
    const [full, head] = [await get("/ready"), await get("/ready", "HEAD")];
    expect(head.body).toBe("");
    expect({ ...head.headers, date: "" }).toEqual({ ...full.headers, date: "" });
    expect(full.headers).toMatchObject({
      "cache-control": "no-store",
      "content-type": "application/json; charset=utf-8",
    });
    const post = await get("/ready", "POST", "{ broken");
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect((await get("/ready", "OPTIONS")).status).toBe(405);
  });

  it.each([
    {},
    { ignoreTrailingSlash: true },
    { routerOptions: { ignoreTrailingSlash: true } },
    { exposeHeadRoutes: false },
  ])("leaves a route alone that the service has declared, with %j", async (options) => {
    const { health } = createReady();
    const app = fastify(options);
    app.get("/health", () => "mine");
    void app.register(health.fastify);
    const get = await start(app);
    expect((await get("/health")).body).toBe("mine");
    expect((await get("/health/ready")).status).toBe(200);
    expect((await get("/live/")).status).toBe(200);
  });

  it("turns 503 while draining and announces the raw request", async () => {
    const house = createReady();
    const app = fastify();
    const raws: object[] = [];
    app.addHook("onRequest", (request, _reply, done) => {
      raws.push(request.raw);
      done();
    });
    void app.register(house.health.fastify);
    const get = await start(app);
    house.health.drain();
    expect((await get("/ready")).status).toBe(503);
    expect(house.served).toEqual(raws);
  });

  it("writes no line of its own to Fastify's log", async () => {
    const { health } = createReady();
    const lines: string[] = [];
    const app = fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } });
    void app.register(health.fastify);
    const get = await start(app);
    const before = lines.length;
    await get("/ready");
    expect(lines.slice(before)).toEqual([]);
  });
});
