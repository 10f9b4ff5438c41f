import { Readable } from "node:stream";
import { SpanStatusCode } from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { FASTIFIES, serveFastify } from "../../support/fastify.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { observe, PATIENCE } from "../../support/service.js";

const guard = (request: FastifyRequest): boolean => request.headers.authorization === undefined;

describe.each(FASTIFIES)("a reply of %s", (_, fastify) => {
  test("keeps its route when a hook answers early, before or after ours", async () => {
    const early = fastify();
    early.addHook("onRequest", (request, reply, done) => {
      if (request.url.startsWith("/early")) void reply.code(401).send("early");
      else done();
    });
    const service = await serveFastify(early, (app) => {
      app.addHook("onRequest", async (request, reply) => {
        if (request.url.startsWith("/late")) return reply.code(401).send("late");
      });
      app.addHook("preHandler", async (request, reply) => {
        if (request.url.startsWith("/guarded") && guard(request)) return reply.code(401).send("guarded");
      });
      for (const path of ["/early/:id", "/late/:id", "/guarded/:id"]) app.get(path, () => "in");
    });
    for (const path of ["/early/1", "/late/1", "/guarded/1", "/early"])
      expect((await service.ask(path)).status).toBe(401);
    expect(await service.settled(4)).toEqual({
      "GET /early/:id 401": 1,
      "GET /late/:id 401": 1,
      "GET /guarded/:id 401": 1,
      "GET __unmatched__ 401": 1,
    });
  });

  test("that is hijacked is counted with its route and its bytes", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/raw/:id", (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(202, { "content-type": "text/plain" });
        reply.raw.write("12345");
        setImmediate(() => reply.raw.end("67890"));
      });
    });
    expect(await service.ask("/raw/1")).toMatchObject({ status: 202, body: "1234567890" });
    expect(await service.settled(1)).toEqual({ "GET /raw/:id 202": 1 });
    const samples = await service.samples();
    expect(value(samples, "http_response_size_bytes_sum")).toBe(10);
    expect(value(samples, "http_time_to_headers_seconds_count")).toBe(1);
    expect(service.accessLog()[0]).toMatchObject({ outcome: "ok", response_bytes: 10 });
  });

  test("that is a stream is counted with its bytes, request and response", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.post("/echo", async (request, reply) =>
        reply.send(Readable.from([String((request.body as { n: string }).n), "!"])),
      );
    });
    const answer = await service.ask("/echo", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ n: "x".repeat(5000) }),
    });
    expect(answer.body).toHaveLength(5001);
    expect(await service.settled(1)).toEqual({ "POST /echo 200": 1 });
    const samples = await service.samples();
    expect(value(samples, "http_request_size_bytes_sum")).toBe(5008);
    expect(value(samples, "http_response_size_bytes_sum")).toBe(5001);
  });

  test("whose stream fails after the headers is the server's fault, not the client's", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/broken", (_request, reply) => {
        const parts = Readable.from(
          (async function* () {
            yield "some";
            await new Promise((resolve) => setTimeout(resolve, 20));
            throw new Error("source broke");
          })(),
        );
        void reply.send(parts);
      });
    });
    await expect(service.ask("/broken")).rejects.toThrow();
    expect(await service.settled(1)).toEqual({ "GET /broken 500": 1 });
    expect(service.accessLog()[0]).toMatchObject({ outcome: "error", status: 500, level: "error" });
    expect(service.spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
    expect(table(await service.samples(), "http_requests_aborted_total", ["route"])).toEqual({});
  });

  test.each([
    [
      "thrown",
      () => {
        throw new TypeError("boom");
      },
    ],
    [
      "rejected",
      async () => {
        await Promise.resolve();
        throw new TypeError("boom");
      },
    ],
  ])("to a %s error has it on the span and in the log", async (_how, handler) => {
    const service = await serveFastify(fastify(), (app) => void app.get("/boom/:id", handler));
    expect((await service.ask("/boom/1")).status).toBe(500);
    expect(await service.settled(1)).toEqual({ "GET /boom/:id 500": 1 });
    const [span] = service.spans;
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.attributes["error.type"]).toBe("TypeError");
    expect(span?.events.map(({ attributes }) => attributes?.["exception.message"])).toEqual(["boom"]);
    expect(service.accessLog()[0]).toMatchObject({
      outcome: "error",
      route: "/boom/:id",
      err: { type: "TypeError", message: "boom" },
    });
  });

  test("of setErrorHandler is what counts: a 409 is no fault, a 503 is one and keeps its error", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.setErrorHandler((error: Error, _request, reply) =>
        reply.code(error.message === "busy" ? 503 : 409).send({ no: error.message }),
      );
      app.get("/conflict", () => {
        throw new Error("conflict");
      });
      app.get("/busy", () => {
        throw new Error("busy");
      });
    });
    await service.ask("/conflict");
    await service.ask("/busy");
    expect(await service.settled(2)).toEqual({ "GET /conflict 409": 1, "GET /busy 503": 1 });
    const [conflict, busy] = service.spans;
    expect([conflict?.status.code, conflict?.events.length]).toEqual([SpanStatusCode.UNSET, 0]);
    expect([busy?.status.code, busy?.events.length]).toEqual([SpanStatusCode.ERROR, 1]);
    expect(service.accessLog().map(({ outcome, err }) => [outcome, err !== undefined])).toEqual([
      ["ok", false],
      ["error", true],
    ]);
  });

  test("that refuses a request keeps the route: schema 400, malformed JSON 400, media type 415, body too large 413", async () => {
    const service = await serveFastify(fastify({ bodyLimit: 1000 }), (app) => {
      const schema = {
        body: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
      };
      app.post("/users", { schema }, () => "made");
    });
    const json = { "content-type": "application/json" };
    const post = (body: string, headers: Record<string, string> = json) =>
      service.ask("/users", { method: "POST", headers, body });
    expect((await post("{}")).status).toBe(400);
    expect((await post("{")).status).toBe(400);
    expect((await post("<a/>", { "content-type": "text/xml" })).status).toBe(415);
    expect((await post(JSON.stringify({ name: "x".repeat(2000) }))).status).toBe(413);
    expect(await service.settled(4)).toEqual({
      "POST /users 400": 2,
      "POST /users 415": 1,
      "POST /users 413": 1,
    });
  });

  test("to a client that leaves before the headers is 499, aborted before them", async () => {
    const service = await serveFastify(
      fastify(),
      (app) => void app.get("/hang/:id", () => new Promise(() => undefined)),
    );
    const client = await connectRaw(service.port);
    client.send(head("GET /hang/1 HTTP/1.1"));
    await expect
      .poll(async () => value(await service.samples(), "http_requests_in_flight"), PATIENCE)
      .toBe(1);
    client.reset();
    expect(await service.settled(1)).toEqual({ "GET /hang/:id 499": 1 });
    const samples = await service.samples();
    expect(table(samples, "http_requests_aborted_total", ["route", "phase"])).toEqual({
      "/hang/:id before_headers": 1,
    });
    expect(value(samples, "http_time_to_headers_seconds_count")).toBeUndefined();
    expect(service.accessLog()[0]).toMatchObject({
      outcome: "aborted",
      status: 499,
      level: "warn",
      msg: "request aborted",
    });
    expect(service.spans[0]?.attributes["error.type"]).toBe("aborted");
  });

  test("to a client that leaves amid the body is 499, aborted after the headers", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/drip", (_request, reply) => void reply.send(Readable.from(drip())));
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /drip HTTP/1.1"));
    await client.until("drop");
    client.leave();
    expect(await service.settled(1)).toEqual({ "GET /drip 499": 1 });
    expect(table(await service.samples(), "http_requests_aborted_total", ["route", "phase"])).toEqual({
      "/drip after_headers": 1,
    });
  });

  test.each(["x-request-id", ""])(
    "of server-sent events is a stream, not a latency sample (request id header %j)",
    async (requestIdHeader) => {
      const observed = observe({ http: { requestIdHeader } });
      let finish = (): unknown => undefined;
      const service = await serveFastify(
        fastify(),
        (app) => {
          app.get("/events", (_request, reply) => {
            reply.hijack();
            reply.raw.writeHead(200, { "content-type": "text/event-stream" });
            reply.raw.write("data: 1\n\n");
            finish = () => reply.raw.end();
          });
        },
        observed,
      );
      const client = await connectRaw(service.port);
      client.send(head("GET /events HTTP/1.1"));
      await client.until("data: 1");
      expect(table(await service.samples(), "http_response_streams_active", ["method", "route"])).toEqual({
        "GET /events": 1,
      });
      finish();
      expect(await service.settled(1)).toEqual({ "GET /events 200": 1 });
      const samples = await service.samples();
      expect(value(samples, "http_response_streams_active")).toBe(0);
      expect(value(samples, "http_response_stream_duration_seconds_count")).toBe(1);
      expect(value(samples, "http_time_to_headers_seconds_count")).toBe(1);
      expect(value(samples, "http_request_duration_seconds_count")).toBeUndefined();
    },
  );
});

async function* drip(): AsyncGenerator<string> {
  for (;;) {
    yield "drop";
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
