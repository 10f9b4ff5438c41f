import { createServer, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { FASTIFIES, listenFastify, serveFastify } from "../../support/fastify.js";
import { askHttp2, openHttp2 } from "../../support/http2-client.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen, observe, PATIENCE } from "../../support/service.js";

const declare = (app: FastifyInstance): void => void app.get("/users/:id", () => "one");

describe.each(FASTIFIES)("%s", (_, fastify) => {
  test("counts what is injected once, matched or not, and leaves nothing in flight", async () => {
    const observed = observe();
    const app = fastify();
    await app.register(observed.obs.fastify);
    declare(app);
    app.get("/boom", () => {
      throw new Error("boom");
    });
    expect((await app.inject("/users/1")).body).toBe("one");
    expect((await app.inject({ method: "POST", url: "/users/1", payload: { a: 1 } })).statusCode).toBe(404);
    expect((await app.inject("/boom")).statusCode).toBe(500);
    expect(await observed.settled(3)).toEqual({
      "GET /users/:id 200": 1,
      "POST __unmatched__ 404": 1,
      "GET /boom 500": 1,
    });
    expect(observed.accessLog().map(({ outcome }) => outcome)).toEqual(["ok", "ok", "error"]);
    expect(observed.spans).toHaveLength(3);
    await app.close();
  });

  test("speaks HTTP/2 and is observed alike", async () => {
    const service = await serveFastify(fastify({ http2: true }), (app) => {
      declare(app);
      app.post("/echo", (request) => request.body);
    });
    const session = openHttp2(service.url);
    expect(await askHttp2(session, { ":path": "/users/1" })).toBe("one");
    const post = { ":path": "/echo", ":method": "POST", "content-type": "text/plain" };
    expect(await askHttp2(session, post, "12345")).toBe("12345");
    await askHttp2(session, { ":path": "/nope" });
    expect(await service.settled(3)).toEqual({
      "GET /users/:id 200": 1,
      "POST /echo 200": 1,
      "GET __unmatched__ 404": 1,
    });
    const samples = await service.samples();
    expect(value(samples, "http_request_size_bytes_sum", { route: "/echo" })).toBe(5);
    expect(value(samples, "http_response_size_bytes_sum", { route: "/echo" })).toBe(5);
    expect(service.spans[0]?.attributes["network.protocol.version"]).toBe("2");
  });

  test("is observed through a server of the service's own making", async () => {
    const app = fastify({ serverFactory: (handler) => createServer(handler) });
    const service = await serveFastify(app, declare);
    await service.ask("/users/1");
    const client = await connectRaw(service.port);
    client.send(head("GET /%zz HTTP/1.1"));
    await client.until("400");
    expect(await service.settled(2)).toEqual({ "GET /users/:id 200": 1, "GET __unmatched__ 400": 1 });
  });

  test("is observed behind a server that is not its own, as behind the second address of localhost", async () => {
    const observed = observe();
    const app = fastify();
    await app.register(observed.obs.fastify);
    declare(app);
    await app.ready();
    const { url } = await listen(createServer((req, res) => app.routing(req, res)));
    expect(await (await fetch(`${url}/users/1`)).text()).toBe("one");
    await (await fetch(`${url}/nope`)).text();
    expect(await observed.settled(2)).toEqual({ "GET /users/:id 200": 1, "GET __unmatched__ 404": 1 });
    await app.close();
  });

  test("is observed by obs.instrument(app) as by the plugin, and no more after it is detached", async () => {
    const observed = observe();
    const app = fastify();
    const detach = observed.obs.instrument(app);
    expect(observed.obs.instrument(app)).toBe(detach);
    const service = await listenFastify(app, declare, observed);
    await service.ask("/users/1");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    detach();
    detach();
    expect((await service.ask("/users/2")).body).toBe("one");
    expect((await app.inject("/users/3")).body).toBe("one");
    expect(Object.hasOwn(app.server, "emit")).toBe(false);
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    expect([service.spans.length, service.accessLog().length]).toEqual([1, 1]);
  });

  test("refuses to be instrumented once it listens, and is left as it was", async () => {
    const observed = observe();
    const service = await listenFastify(fastify(), declare, observed);
    expect(() => observed.obs.instrument(service.app)).toThrow(/listening|booted|started/i);
    expect(Object.hasOwn(service.app.server, "emit")).toBe(false);
    expect((await service.ask("/users/1")).body).toBe("one");
    expect(await service.requests()).toEqual({});
  });

  test("counts a request once though the plugin is registered twice and the server instrumented besides", async () => {
    const service = await serveFastify(fastify(), async (app, { obs }) => {
      await app.register(obs.fastify);
      obs.instrument(app.server);
      await app.register(async (inner) => void (await inner.register(obs.fastify)), { prefix: "/inner" });
      declare(app);
    });
    await service.ask("/users/1");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    expect([service.spans.length, service.accessLog().length]).toEqual([1, 1]);
  });

  test("is observed by two instances side by side", async () => {
    const [left, right] = [observe(), observe()];
    const app = fastify();
    await app.register(left.obs.fastify);
    const service = await serveFastify(app, declare, right);
    await service.ask("/users/1");
    for (const { settled } of [left, right]) expect(await settled(1)).toEqual({ "GET /users/:id 200": 1 });
  });

  test("finishes and counts the requests that run when the observability closes, and no later ones", async () => {
    let answer = (_body: string): void => undefined;
    const service = await serveFastify(fastify(), (app) => {
      declare(app);
      app.get("/slow", () => new Promise<string>((resolve) => (answer = resolve)));
    });
    const slow = service.ask("/slow");
    await expect
      .poll(async () => value(await service.samples(), "http_requests_in_flight"), PATIENCE)
      .toBe(1);
    await service.obs.close();
    expect((await service.ask("/users/1")).body).toBe("one");
    answer("late");
    expect((await slow).body).toBe("late");
    await expect.poll(() => service.accessLog().map(({ route }) => route), PATIENCE).toEqual(["/slow"]);
  });

  test("closes with its requests counted", async () => {
    let answer = (_body: string): void => undefined;
    const service = await serveFastify(fastify(), (app) => {
      app.get("/slow", () => new Promise<string>((resolve) => (answer = resolve)));
    });
    const slow = service.ask("/slow");
    await expect
      .poll(async () => value(await service.samples(), "http_requests_in_flight"), PATIENCE)
      .toBe(1);
    const closed = service.app.close();
    answer("late");
    expect((await slow).body).toBe("late");
    await closed;
    expect(await service.settled(1)).toEqual({ "GET /slow 200": 1 });
  });

  test("does not count an upgrade, answered by a listener of its own or sent through the routes", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/socket", (_request, reply) => {
        reply.hijack();
        reply.raw.socket?.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        );
      });
    });
    // As @fastify/websocket does.
    service.app.server.on("upgrade", (req, socket) => {
      socket.on("end", () => socket.end());
      const res = new ServerResponse(req);
      res.assignSocket(socket as never);
      service.app.routing(req, res);
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /socket HTTP/1.1", { Host: "x", Connection: "Upgrade", Upgrade: "websocket" }));
    await client.until("101 Switching");
    client.leave();
    await client.closed();
    expect(await service.settled(0)).toEqual({});
    const samples = await service.samples();
    expect(table(samples, "http_request_duration_seconds_count", ["route"])).toEqual({});
    expect(table(samples, "http_requests_in_flight", ["method"])).toEqual({});
    expect([service.spans.length, service.accessLog().length]).toEqual([0, 0]);
  });

  test("answers an Upgrade header as a plain request where nobody upgrades, and counts it", async () => {
    const service = await serveFastify(fastify(), declare);
    const client = await connectRaw(service.port);
    client.send(head("GET /users/1 HTTP/1.1", { Host: "x", Connection: "Upgrade, close", Upgrade: "h2c" }));
    await client.closed();
    expect(client.received()).toContain("one");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
  });

  test("serves health and metrics without a trace of them", async () => {
    const service = await serveFastify(fastify(), async (app, { obs }) => {
      await app.register(obs.health.fastify);
      app.get("/metrics", obs.metrics.handler());
      declare(app);
    });
    for (const path of ["/health", "/ready", "/live", "/startup"])
      expect((await service.ask(path)).status).toBe(200);
    const scrape = await service.ask("/metrics");
    expect([scrape.status, scrape.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/plain"),
    ]);
    expect(scrape.body).toContain("# TYPE http_requests_total counter");
    await service.app.inject("/metrics");
    await service.ask("/users/1");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    const samples = await service.samples();
    expect(table(samples, "http_requests_in_flight", ["method"])).toEqual({ GET: 0 });
    expect(value(samples, "http_time_to_headers_seconds_count")).toBe(1);
    expect([service.spans.length, service.accessLog().length]).toEqual([1, 1]);
  });

  test("runs its hooks and handlers in the context of the request", async () => {
    const service = await serveFastify(fastify(), (app, { obs }) => {
      app.addHook("preHandler", async () => void obs.logger.info("hook"));
      app.get("/users/:id", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        obs.logger.info("handler");
        return "one";
      });
    });
    const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const answer = await service.ask("/users/1", { headers: { traceparent: parent, "x-request-id": "abc" } });
    expect(answer.headers.get("x-request-id")).toBe("abc");
    await service.app.inject({ url: "/users/1", headers: { traceparent: parent, "x-request-id": "def" } });
    await service.settled(2);
    const lines = service.lines.map(({ msg, trace_id, request_id }) => [msg, trace_id, request_id]);
    const trace = parent.slice(3, 35);
    const expected = (id: string) => ["hook", "handler", "request completed"].map((msg) => [msg, trace, id]);
    expect(lines).toEqual([...expected("abc"), ...expected("def")]);
    expect(service.spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      "00f067aa0ba902b7",
      "00f067aa0ba902b7",
    ]);
  });
});
