import { describe, expect, test } from "vitest";
import { value } from "../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { observe } from "../../support/service.js";

describe.each(EXPRESSES)("the access log of %s", (_, express) => {
  test("has one line a request with exactly these fields", async () => {
    const service = await serveExpress(express, (app) => {
      app.post("/users/:id", (_req, res) => void res.status(201).send("made"));
    });
    await service.ask("/users/7?verbose=1", {
      method: "POST",
      headers: { "x-request-id": "r-1", "user-agent": "node" },
      body: "body",
    });
    await service.settled(1);
    expect(service.accessLog()).toEqual([
      {
        level: "info",
        time: expect.any(String),
        service: "test",
        component: "http",
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
        request_id: "r-1",
        event: "http_request",
        method: "POST",
        route: "/users/:id",
        path: "/users/7?verbose=[redacted]",
        status: 201,
        outcome: "ok",
        duration_seconds: expect.any(Number),
        request_bytes: 4,
        response_bytes: 4,
        client_ip: "127.0.0.0",
        user_agent: "node",
        msg: "request completed",
      },
    ]);
    const [line] = service.accessLog();
    expect(line?.["trace_id"]).toBe(service.spans[0]?.spanContext().traceId);
    expect(line?.["span_id"]).toBe(service.spans[0]?.spanContext().spanId);
  });

  test("tells of an aborted request who it was, and of a trusted proxy's whom it speaks for", async () => {
    const service = await serveExpress(express, (app) => {
      app.set("trust proxy", "loopback");
      app.get("/hang", () => undefined);
      app.get("/", (_req, res) => void res.send("x"));
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /hang HTTP/1.1"));
    const running = async () => value(await service.samples(), "http_requests_in_flight", { method: "GET" });
    await expect.poll(running).toBe(1);
    client.reset();
    await service.settled(1);
    await service.ask("/", { headers: { "x-forwarded-for": "203.0.113.9", "user-agent": "a".repeat(9000) } });
    await service.settled(2);
    const [aborted, forwarded] = service.accessLog();
    expect([aborted?.["client_ip"], aborted?.["user_agent"]]).toEqual(["127.0.0.0", undefined]);
    expect([forwarded?.["client_ip"], forwarded?.["user_agent"]]).toEqual(["203.0.113.0", "a".repeat(256)]);
  });

  test("has the level of the outcome: info below 500, error from there on, warn for a client that left", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/status/:code", (req, res) => void res.sendStatus(Number(req.params["code"])));
      app.get("/hang", () => undefined);
    });
    await service.askAll([200, 301, 404, 429, 500, 503].map((code) => `/status/${code}`));
    const client = await connectRaw(service.port);
    client.send(head("GET /hang HTTP/1.1"));
    const running = async () => value(await service.samples(), "http_requests_in_flight", { method: "GET" });
    await expect.poll(running).toBe(1);
    client.reset();
    await service.settled(7);
    expect(service.accessLog().map(({ level, status, msg }) => [level, status, msg])).toEqual([
      ["info", 200, "request completed"],
      ["info", 301, "request completed"],
      ["info", 404, "request completed"],
      ["info", 429, "request completed"],
      ["error", 500, "request completed"],
      ["error", 503, "request completed"],
      ["warn", 499, "request aborted"],
    ]);
  });

  test("holds no value of a query, and no authorization, cookie or body anywhere", async () => {
    const service = await serveExpress(express, (app) => {
      app.use(express.json());
      app.post("/login/:id", (_req, res) => void res.set("set-cookie", "sid=s3cret").send("s3cret"));
    });
    await service.ask("/login/1?token=s3cret&next=%2Fs3cret&s3cret", {
      method: "POST",
      headers: {
        authorization: "Bearer s3cret",
        cookie: "sid=s3cret",
        "x-api-key": "s3cret",
        "content-type": "application/json",
      },
      body: JSON.stringify({ password: "s3cret" }),
    });
    await service.settled(1);
    expect(service.accessLog()[0]).toMatchObject({
      path: "/login/1?token=[redacted]&next=[redacted]&[redacted]",
    });
    expect(JSON.stringify(service.lines)).not.toContain("s3cret");
    expect(JSON.stringify(service.spans.map(({ attributes, events }) => [attributes, events]))).not.toContain(
      "s3cret",
    );
  });

  test("stays one valid line for hostile paths and methods", async () => {
    const service = await serveExpress(express, (app) => void app.get("/", (_req, res) => void res.send()));
    const client = await connectRaw(service.port);
    const paths = ['/"}\\u0000{"a":"', "/%0d%0aforged%20line", `/${"x".repeat(9000)}`];
    client.send(paths.map((path) => head(`GET ${path} HTTP/1.1`)).join(""));
    await service.settled(3);
    expect(service.accessLog()).toHaveLength(3);
    expect(service.accessLog()[1]).toMatchObject({ path: "/%0d%0aforged%20line", route: null });
    expect(String(service.accessLog()[2]?.["path"]).length).toBeLessThan(8300);
  });

  test("is silent with http.accessLog false or above its level, which changes nothing else", async () => {
    for (const options of [{ http: { accessLog: false } }, { logging: { level: "silent" as const } }]) {
      const observed = observe(options);
      const service = await serveExpress(
        express,
        (app) => void app.get("/a", (_req, res) => void res.send("ok")),
        observed,
      );
      await service.ask("/a");
      expect(await service.settled(1)).toEqual({ "GET /a 200": 1 });
      expect(service.lines).toEqual([]);
      expect(service.spans).toHaveLength(1);
    }
  });
});
