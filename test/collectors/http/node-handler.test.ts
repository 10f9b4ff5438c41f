import { createServer, type RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Children, prepareChildren } from "../../support/child.js";
import { find, table, value } from "../../support/exposition.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen, observe } from "../../support/service.js";

describe("obs.http(handler)", () => {
  test("counts every request under one route when it is told of none", async () => {
    const { obs, settled, spans, accessLog } = observe();
    const { url } = await listen(createServer(obs.http((_req, res) => res.end("ok"))));
    for (const path of ["/", "/users/1", "/users/2?q=3"])
      expect(await (await fetch(url + path)).text()).toBe("ok");
    expect(await settled(3)).toEqual({ "GET __unmatched__ 200": 3 });
    expect(spans.map(({ name }) => name)).toEqual(["GET", "GET", "GET"]);
    expect(accessLog()[2]).toMatchObject({
      route: null,
      path: "/users/2?q=[redacted]",
      status: 200,
      response_bytes: 2,
    });
  });

  test("asks `route` once the response has closed, and again for none", async () => {
    const { obs, settled } = observe();
    const listener = obs.http((_req, res) => res.end("ok"), {
      route: (req) => (req.url?.startsWith("/users/") ? "/users/:id" : undefined),
    });
    const { url } = await listen(createServer(listener));
    for (const path of ["/users/1", "/users/2", "/other"]) await (await fetch(url + path)).text();
    expect(await settled(3)).toEqual({ "GET /users/:id 200": 2, "GET __unmatched__ 200": 1 });
  });

  test("lets setRoute() win over `route`, and take effect until the response has closed", async () => {
    const { obs, settled, spans } = observe();
    const listener = obs.http(
      (req, res) => {
        res.write("o");
        obs.setRoute(req, "/named/:by-hand");
        res.end("k");
      },
      { route: () => "/asked" },
    );
    const { url } = await listen(createServer(listener));
    await (await fetch(url)).text();
    expect(await settled(1)).toEqual({ "GET /named/:by-hand 200": 1 });
    expect(spans[0]?.attributes["http.route"]).toBe("/named/:by-hand");
  });

  test("does without the route of a `route` that throws, and counts the fault", async () => {
    const { obs, settled, samples } = observe();
    const route = (): string => {
      throw new Error("no route");
    };
    const { url } = await listen(createServer(obs.http((_req, res) => res.end("ok"), { route })));
    expect(await (await fetch(url)).text()).toBe("ok");
    expect(await settled(1)).toEqual({ "GET __unmatched__ 200": 1 });
    expect(value(await samples(), "telltale_errors_total", { part: "http.route" })).toBeGreaterThan(0);
  });

  test("keeps 500 routes at most when raw paths are given by mistake", async () => {
    const { obs, samples, settled } = observe();
    const listener = obs.http((_req, res) => res.end(), { route: (req) => req.url });
    const { port } = await listen(createServer(listener));
    const client = await connectRaw(port);
    for (let i = 0; i < 520; i++) client.send(head(`GET /users/${i} HTTP/1.1`));
    await settled(520);
    const series = find(await samples(), "http_requests_total");
    expect(series).toHaveLength(501);
    expect(value(await samples(), "http_requests_total", { route: "__overflow__" })).toBe(20);
  });

  test("keeps `this`, and answers for a handler that is async", async () => {
    const { obs, settled } = observe();
    let self: unknown;
    const handler = async function (this: unknown, ...[, res]: Parameters<RequestListener>): Promise<void> {
      self = this;
      await new Promise((resolve) => setImmediate(resolve));
      res.end("ok");
    };
    const server = createServer(obs.http(handler as RequestListener));
    const { url } = await listen(server);
    await (await fetch(url)).text();
    expect(self).toBe(server);
    expect(await settled(1)).toEqual({ "GET __unmatched__ 200": 1 });
  });

  test("counts once where it stands behind an instrumented server or another obs.http()", async () => {
    const { obs, settled, spans } = observe();
    const inner = obs.http((_req, res) => res.end("ok"), { route: () => "/inner" });
    const server = createServer(obs.http(inner));
    obs.instrument(server);
    const { url } = await listen(server);
    await (await fetch(url)).text();
    expect(await settled(1)).toEqual({ "GET /inner 200": 1 });
    expect(spans).toHaveLength(1);
  });
});

test("setRoute() of an unknown or excluded request does nothing", async () => {
  const { obs, settled } = observe({ http: { exclude: ["/out"] } });
  obs.setRoute({}, "/nowhere");
  const { url } = await listen(
    createServer(
      obs.http((req, res) => {
        obs.setRoute(req, "/named");
        res.end("ok");
      }),
    ),
  );
  expect(await (await fetch(`${url}/out`)).text()).toBe("ok");
  await (await fetch(`${url}/in`)).text();
  expect(await settled(1)).toEqual({ "GET /named 200": 1 });
});

describe("a handler that fails", () => {
  let children: Children;
  beforeAll(() => void (children = prepareChildren()));
  afterAll(() => children.remove());

  const program = (wrap: string, handler: string): string => `
    const obs = createObservability({ service: "child", logging: { level: "silent" } });
    const handler = ${handler};
    const server = require("node:http").createServer(${wrap});
    server.listen(0, "127.0.0.1", () => {
      require("node:net").connect(server.address().port, "127.0.0.1").on("error", () => {}).write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
    });
    setTimeout(() => process.exit(0), 5000);
  `;

  test.each([
    ["throws", "() => { throw new Error('sync boom'); }", "sync boom"],
    ["rejects", "async () => { throw new Error('async boom'); }", "async boom"],
  ])("crashes the process when it %s, as it does without us", async (_how, handler, message) => {
    const without = await children.run(program("handler", handler));
    expect([without.code, without.stderr.includes(message)]).toEqual([1, true]);
    for (const wrap of [
      "obs.http(handler)",
      "(obs.instrument(server0 = require('node:http').createServer(handler)), server0.emit.bind(server0, 'request'))",
    ]) {
      const observed = await children.run(`let server0; ${program(wrap, handler)}`);
      expect([observed.code, observed.stderr.includes(message)]).toEqual([1, true]);
    }
  });

  test.each([
    ["throws", "uncaughtException", "() => { throw new Error('boom'); }"],
    ["rejects", "unhandledRejection", "async () => { throw new Error('boom'); }"],
  ])("when it %s is told to the process's own listener", async (_how, event, handler) => {
    const listener = `process.on("${event}", (error) => { console.log("heard", error.message); process.exit(3); });`;
    const { code, stdout } = await children.run(listener + program("obs.http(handler)", handler));
    expect([code, stdout.trim()]).toEqual([3, "heard boom"]);
  });
});

test("telltale leaves out its own metric families' labels that were not declared", async () => {
  const { obs, samples, settled } = observe();
  const { url } = await listen(createServer(obs.http((_req, res) => res.end("ok"))));
  await (await fetch(url)).text();
  await settled(1);
  const names = new Set((await samples()).map(({ name }) => name.replace(/_(bucket|sum|count)$/, "")));
  const declared = new Set(obs.catalog.map(({ exported }) => exported));
  expect([...names].filter((name) => !declared.has(name))).toEqual([]);
  expect(table(await samples(), "http_requests_in_flight", ["method"])).toEqual({ GET: 0 });
});
