import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { EXPRESSES, type ExpressModule, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { observe } from "../../support/service.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

const serve = (express: ExpressModule, observed = observe()) =>
  serveExpress(
    express,
    (app) => {
      app.get("/users/:id", (_req, res) => void res.status(201).send("ok"));
      app.get("/bad", (_req, res) => void res.sendStatus(400));
      app.get("/down", (_req, res) => void res.sendStatus(503));
    },
    observed,
  );

describe.each(EXPRESSES)("the span of a request to %s", (_, express) => {
  test("is a SERVER span named by method and route, with the stable HTTP attributes and nothing else", async () => {
    const service = await serve(express);
    await service.ask("/users/7?token=s3cret", {
      headers: { authorization: "Bearer s3cret", cookie: "s3cret" },
    });
    await service.settled(1);
    const [span] = service.spans;
    expect(span?.name).toBe("GET /users/:id");
    expect(span?.kind).toBe(SpanKind.SERVER);
    expect(span?.attributes).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": 201,
      "http.route": "/users/:id",
      "url.path": "/users/7",
      "url.scheme": "http",
      "network.protocol.version": "1.1",
    });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.events).toEqual([]);
    expect(span?.parentSpanContext).toBeUndefined();
  });

  test("is an error for a 5xx alone", async () => {
    const service = await serve(express);
    await service.askAll(["/bad", "/nothing", "/down"]);
    await service.settled(3);
    expect(service.spans.map(({ status, attributes }) => [status.code, attributes["error.type"]])).toEqual([
      [SpanStatusCode.UNSET, undefined],
      [SpanStatusCode.UNSET, undefined],
      [SpanStatusCode.ERROR, "503"],
    ]);
  });

  test("continues the caller's trace, its decision and its tracestate", async () => {
    const service = await serve(express);
    const tracestate = "vendor=1,other=2";
    await service.ask("/users/1", { headers: { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate } });
    await service.ask("/users/2", { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } });
    await service.settled(2);
    expect(service.spans).toHaveLength(1);
    const [span] = service.spans;
    expect(span?.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 1 });
    expect(span?.spanContext().traceState?.serialize()).toBe(tracestate);
    expect(span?.parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true });
    expect(service.accessLog().map((line) => line["trace_id"])).toEqual([TRACE, TRACE]);
  });

  test.each([
    ["an empty value", ""],
    ["an all-zero trace", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["an all-zero parent", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["capitals", `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ["the forbidden version", `ff-${TRACE}-${PARENT}-01`],
    ["too many parts", `00-${TRACE}-${PARENT}-01-extra`],
    ["too short", `00-${TRACE}-01`],
    ["not hexadecimal", `00-${TRACE.replace("0", "g")}-${PARENT}-01`],
    ["ten kilobytes", "0".repeat(10_000)],
    ["control characters", "00-\t-\x80\xff-01"],
    ["a prototype's name", "__proto__"],
  ])("begins a trace of its own for a traceparent of %s", async (_what, traceparent) => {
    const service = await serve(express);
    const client = await connectRaw(service.port);
    client.send(head("GET /users/1 HTTP/1.1", { Host: "x", traceparent, tracestate: "a=1" }));
    await client.until("201 Created");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 201": 1 });
    const [span] = service.spans;
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).toMatch(/^(?!0{32}|0af76519)[0-9a-f]{32}$/);
    expect(span?.spanContext().traceState).toBeUndefined();
  });

  test("begins a trace of its own for two traceparents, and survives a hostile tracestate", async () => {
    const service = await serve(express);
    const client = await connectRaw(service.port);
    const header = `traceparent: 00-${TRACE}-${PARENT}-01\r\n`;
    client.send(`GET /users/1 HTTP/1.1\r\nHost: x\r\n${header}${header}\r\n`);
    await client.until("201 Created");
    const states = [",".repeat(600), "=".repeat(600), `k=${"v".repeat(2000)}`, "a=1,a=1,A=\t,=,é="];
    for (const tracestate of states)
      client.send(
        head("GET /users/2 HTTP/1.1", { Host: "x", traceparent: `00-${TRACE}-${PARENT}-01`, tracestate }),
      );
    expect(await service.settled(5)).toEqual({ "GET /users/:id 201": 5 });
    expect(service.spans.map((span) => span.spanContext().traceId === TRACE)).toEqual([
      false,
      ...Array(4).fill(true),
    ]);
  });

  test("is the parent of the spans that the handler makes, after it waited as well", async () => {
    const observed = observe();
    const service = await serveExpress(
      express,
      (app) => {
        app.get("/work", (_req, res) => {
          setTimeout(() => {
            observed.obs.tracer.startSpan("work").end();
            res.send("done");
          }, 2);
        });
      },
      observed,
    );
    await service.ask("/work");
    await service.settled(1);
    const [inner, outer] = service.spans;
    expect([inner?.name, outer?.name]).toEqual(["work", "GET /work"]);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  test("ends once, and is not made at all where tracing is off", async () => {
    const off = await serve(express, observe({ tracing: false }));
    expect((await off.ask("/users/1")).status).toBe(201);
    expect(await off.settled(1)).toEqual({ "GET /users/:id 201": 1 });
    expect(off.spans).toEqual([]);
  });
});
