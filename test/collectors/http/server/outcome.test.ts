import { SpanStatusCode } from "@opentelemetry/api";
import type { Response } from "express";
import { describe, expect, test } from "vitest";
import { verdictOf } from "../../../../src/collectors/http/server/outcome.js";
import type { RequestLike, ResponseLike } from "../../../../src/collectors/http/targets/shapes.js";
import { table, value } from "../../../support/exposition.js";
import { EXPRESSES, type ExpressService, serveExpress } from "../../../support/express.js";
import { connectRaw, head, type RawClient } from "../../../support/raw-client.js";

const LEAVING: readonly (readonly [string, (client: RawClient) => void])[] = [
  ["says goodbye", (client) => client.leave()],
  ["hangs up", (client) => client.reset()],
  ["destroys its socket", (client) => void client.socket.destroy()],
];

/** Asserts that the one request was counted as aborted, once, everywhere. */
async function expectAborted(service: ExpressService, route: string, phase: string): Promise<void> {
  expect(await service.settled(1)).toEqual({ [`${route} 499`]: 1 });
  const samples = await service.samples();
  const [, path] = route.split(" ");
  expect(table(samples, "http_requests_aborted_total", ["route", "phase"])).toEqual({
    [`${path} ${phase}`]: 1,
  });
  const timed = value(samples, "http_time_to_headers_seconds_count");
  expect(timed).toBe(phase === "before_headers" ? undefined : 1);
  expect(value(samples, "http_request_duration_seconds_count")).toBe(1);
  expect(service.accessLog()).toHaveLength(1);
  expect(service.accessLog()[0]).toMatchObject({
    level: "warn",
    msg: "request aborted",
    outcome: "aborted",
    status: 499,
    route: path,
  });
  expect(service.spans).toHaveLength(1);
  expect(service.spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
  expect(service.spans[0]?.attributes).toMatchObject({
    "error.type": "aborted",
    "http.response.status_code": 499,
  });
}

describe.each(EXPRESSES)("a client of %s", (_, express) => {
  describe.each(LEAVING)("that %s", (_how, leave) => {
    test("before the headers is 499, aborted before them, once", async () => {
      const waiting: Response[] = [];
      const service = await serveExpress(express, (app) => {
        app.get("/hang/:id", (_req, res) => void waiting.push(res));
      });
      const client = await connectRaw(service.port);
      client.send(head("GET /hang/1 HTTP/1.1"));
      await expect.poll(() => waiting.length).toBe(1);
      expect(value(await service.samples(), "http_requests_in_flight")).toBe(1);
      leave(client);
      await expectAborted(service, "GET /hang/:id", "before_headers");
      // The handler never learns of it and answers all the same.
      waiting[0]?.send("too late");
      expect(await service.settled(1)).toEqual({ "GET /hang/:id 499": 1 });
    });

    test("amid the body is 499, aborted after the headers, and not a 200", async () => {
      const service = await serveExpress(express, (app) => {
        app.get("/drip/:id", (_req, res) => {
          const timer = setInterval(() => res.write("drop"), 2);
          res.on("close", () => clearInterval(timer));
        });
      });
      const client = await connectRaw(service.port);
      client.send(head("GET /drip/1 HTTP/1.1"));
      await client.until("drop");
      leave(client);
      await expectAborted(service, "GET /drip/:id", "after_headers");
    });

    test("amid its own upload is 499, whatever the body parser answers", async () => {
      const service = await serveExpress(express, (app) => {
        app.post("/upload/:id", express.raw({ type: () => true, limit: "1mb" }), (_req, res) => {
          res.send("stored");
        });
      });
      const client = await connectRaw(service.port);
      client.send(`${head("POST /upload/1 HTTP/1.1", { Host: "x", "Content-Length": "1000" })}half`);
      await expect.poll(async () => value(await service.samples(), "http_requests_in_flight")).toBe(1);
      leave(client);
      expect(await service.settled(1)).toEqual({ "POST /upload/:id 499": 1 });
      expect(value(await service.samples(), "http_request_size_bytes_sum")).toBe(4);
      expect(service.accessLog()[0]).toMatchObject({ outcome: "aborted", request_bytes: 4 });
    });
  });

  test("that hangs up amid a body given to the socket whole is 499 and not a 200", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/big", (_req, res) => void res.end(Buffer.alloc(64 * 1024 * 1024)));
    });
    const client = await connectRaw(service.port);
    client.socket.pause();
    client.send(head("GET /big HTTP/1.1"));
    await expect.poll(async () => value(await service.samples(), "http_requests_in_flight")).toBe(1);
    client.reset();
    await expectAborted(service, "GET /big", "after_headers");
  });

  test("that leaves after the whole answer is an ordinary 200", async () => {
    const service = await serveExpress(
      express,
      (app) => void app.get("/", (_req, res) => void res.send("ok")),
    );
    const client = await connectRaw(service.port);
    client.send(head("GET / HTTP/1.1"));
    await client.until("ok");
    client.reset();
    expect(await service.settled(1)).toEqual({ "GET / 200": 1 });
  });

  test("gets its answer where the server closes the connection right after it", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/last", (req, res) => void res.end("last", () => req.socket.destroy()));
      app.get("/close", (_req, res) => void res.set("connection", "close").send("bye"));
    });
    expect([(await service.ask("/close")).text, (await service.ask("/last")).text]).toEqual(["bye", "last"]);
    expect(await service.settled(2)).toEqual({ "GET /last 200": 1, "GET /close 200": 1 });
  });

  test("is not blamed for what the server cuts: a destroyed response, a timeout of the server", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/destroyed", (_req, res) => void res.destroy());
      app.get("/cut", (req, res) => {
        res.write("half");
        req.socket.destroy();
      });
      app.get("/timeout", (req) => void req.setTimeout(5));
    });
    for (const path of ["/destroyed", "/cut", "/timeout"]) await expect(service.ask(path)).rejects.toThrow();
    expect(await service.settled(3)).toEqual({
      "GET /destroyed 500": 1,
      "GET /cut 500": 1,
      "GET /timeout 500": 1,
    });
    expect(service.accessLog().map(({ outcome }) => outcome)).toEqual(["error", "error", "error"]);
    expect(table(await service.samples(), "http_requests_aborted_total", ["route"])).toEqual({});
  });
});

describe("the verdict", () => {
  const req = { httpVersion: "1.1", socket: {} } as RequestLike;
  const res = (statusCode: number, writableFinished: boolean) =>
    ({ statusCode, writableFinished, writableEnded: writableFinished }) as ResponseLike;

  test.each([
    [200, "ok"],
    [304, "ok"],
    [404, "ok"],
    [499, "ok"],
    [500, "error"],
    [503, "error"],
  ])("on a finished %i is %s", (status, outcome) => {
    expect(verdictOf(req, res(status, true))).toEqual({ outcome, status });
  });

  test("on an unfinished response of a present client is the server's fault", () => {
    expect(verdictOf(req, res(200, false))).toEqual({ outcome: "error", status: 500 });
    expect(verdictOf(req, res(502, false))).toEqual({ outcome: "error", status: 502 });
  });

  test("on a response whose socket failed is aborted, whatever it says of itself", () => {
    const failed = { ...req, socket: { errored: new Error("ECONNRESET") } } as RequestLike;
    expect(verdictOf(failed, res(200, true))).toEqual({ outcome: "aborted", status: 499 });
  });

  test("on an unfinished response without a socket, or one that ended or failed, is aborted", () => {
    const gone = [null, undefined, { readableEnded: true }, { errored: new Error("ECONNRESET") }];
    for (const socket of gone)
      expect(verdictOf({ ...req, socket } as RequestLike, res(200, false))).toEqual({
        outcome: "aborted",
        status: 499,
      });
  });
});
