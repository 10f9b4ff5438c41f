import http, { Agent, createServer } from "node:http";
import https, { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { answer, body, tellOfCreation } from "../../support/node-calls.js";
import { observeCalls, serveCallee } from "../../support/outgoing.js";
import { listen, PATIENCE } from "../../support/service.js";
import { TLS } from "../../support/tls.js";

describe("a request of node:http", () => {
  test("is counted and timed with method, host and status, and nothing else", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    expect(await body(await answer(http.get(`${url}/ok?secret=1`)))).toBe("ok");
    const post = http.request(`${url}/ok`, { method: "POST" });
    post.write("12345");
    post.end();
    expect(await body(await answer(post))).toBe("ok");
    expect(await calls.callsSettled(2)).toEqual({ [`GET ${host} 200`]: 1, [`POST ${host} 200`]: 1 });
    const durations = table(await calls.samples(), "http_client_request_duration_seconds_count", [
      "method",
      "host",
      "status",
    ]);
    expect(durations).toEqual(await calls.calls());
    expect(value(await calls.samples(), "telltale_errors_total")).toBeUndefined();
    expect(await calls.errors()).toEqual({});
    const [span] = calls.clientSpans();
    expect([span?.name, span?.kind, span?.status.code]).toEqual([
      "GET",
      SpanKind.CLIENT,
      SpanStatusCode.UNSET,
    ]);
    expect(span?.attributes).toMatchObject({ "url.full": `${url}/ok`, "http.response.status_code": 200 });
  });

  test("is counted with a callback that reads, one that ignores the body, and without any listener", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const read = await new Promise<string>((resolve) =>
      http.get(`${url}/ok`, (response) => resolve(body(response))),
    );
    expect(read).toBe("ok");
    // Node drains a response that nobody listens for; it still has to.
    await new Promise((resolve) => http.get(`${url}/ok`).on("close", resolve));
    expect(await calls.callsSettled(2)).toEqual({ [`GET ${host} 200`]: 2 });
    const ignored = await answer(http.get(`${url}/ok`));
    expect(await calls.inFlight()).toBe(1);
    ignored.resume();
    await calls.callsSettled(3);
  });

  test("is counted over https, under the default agent, one of its own and none", async () => {
    const calls = observeCalls();
    const { url, port } = await listen(
      createHttpsServer(TLS, (_req, res) => res.end("ok")),
      "https",
    );
    const agent = new https.Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    for (const how of [{}, { agent }, { agent: false as const }])
      expect(await body(await answer(https.get(url, { ca: TLS.cert, ...how })))).toBe("ok");
    expect(await calls.callsSettled(3)).toEqual({ [`GET 127.0.0.1:${port} 200`]: 3 });
    expect(calls.clientSpans()[0]?.attributes["url.full"]).toBe(`${url}/`);
  });

  test("is counted each on a kept connection", async () => {
    const calls = observeCalls();
    const { url, host, server } = await serveCallee();
    let connections = 0;
    server.on("connection", () => connections++);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await Promise.all([1, 2, 3].map(async () => body(await answer(http.get(`${url}/ok`, { agent })))));
    expect(await calls.callsSettled(3)).toEqual({ [`GET ${host} 200`]: 3 });
    expect(connections).toBe(1);
  });

  test("with an empty answer, early hints or 100-continue ends once, with its final status", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    (await answer(http.get(`${url}/empty`))).resume();
    await body(await answer(http.get(`${url}/early`)));
    const put = http.request(`${url}/ok`, { method: "PUT", headers: { expect: "100-continue" } });
    put.on("continue", () => put.end("12345"));
    put.flushHeaders();
    await body(await answer(put));
    (await answer(http.request(`${url}/ok`, { method: "HEAD" }).end())).resume();
    expect(await calls.callsSettled(4)).toEqual({
      [`GET ${host} 204`]: 1,
      [`GET ${host} 200`]: 1,
      [`PUT ${host} 200`]: 1,
      [`HEAD ${host} 200`]: 1,
    });
  });

  test("carries the ids of its span, child of the SERVER span around it", async () => {
    const calls = observeCalls();
    tellOfCreation(calls);
    const callee = await serveCallee();
    const { port } = await listen(
      createServer(
        calls.obs.http((_req, res) => void http.get(`${callee.url}/ok`, (inner) => inner.pipe(res))),
      ),
    );
    await new Promise((resolve) =>
      connect(port, "127.0.0.1").on("close", resolve).resume().end("GET / HTTP/1.0\r\n\r\n"),
    );
    await calls.callsSettled(1);
    await expect.poll(() => calls.spans.length, PATIENCE).toBe(2);
    const server = calls.spans.find(({ kind }) => kind === SpanKind.SERVER)?.spanContext();
    const [client] = calls.clientSpans();
    expect(client?.spanContext().traceId).toBe(server?.traceId);
    expect(client?.parentSpanContext?.spanId).toBe(server?.spanId);
    expect(callee.heard[0]?.["traceparent"]).toBe(`00-${server?.traceId}-${client?.spanContext().spanId}-01`);
  });

  test("leaves a traceparent alone that the service has set, in an object or an array", async () => {
    const calls = observeCalls();
    calls.obs.instrument(http.globalAgent);
    const { url, heard } = await serveCallee();
    const own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    await body(await answer(http.get(`${url}/ok`, { headers: { TraceParent: own } })));
    await body(await answer(http.get(`${url}/ok`, { headers: ["Host", "x", "Traceparent", own] as never })));
    await calls.callsSettled(2);
    expect(heard.map(({ traceparent }) => traceparent)).toEqual([own, own]);
  });
});

describe("an upgrade of node:http", () => {
  test("ends with its handshake, status 101, and leaves the socket to the service", async () => {
    const calls = observeCalls();
    const server = createServer();
    server.on("upgrade", (_req, socket) => {
      socket.write("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
      socket.on("data", (chunk) => socket.end(chunk)).on("error", () => undefined);
    });
    const { url, port } = await listen(server);
    const request = http.get(url, { headers: { connection: "upgrade", upgrade: "chat" } });
    const echoed = await new Promise((resolve) =>
      request.on("upgrade", (_response, socket) =>
        socket.once("data", (chunk) => resolve(String(chunk))).write("hello"),
      ),
    );
    expect(echoed).toBe("hello");
    expect(await calls.callsSettled(1)).toEqual({ [`GET 127.0.0.1:${port} 101`]: 1 });
    expect(await calls.errors()).toEqual({});
  });

  test("by CONNECT ends with the status that the proxy gave", async () => {
    const calls = observeCalls();
    const server = createServer().on("connect", (_req, socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"));
    const { port } = await listen(server);
    const request = http.request({ port, host: "127.0.0.1", method: "CONNECT", path: "example.com:443" });
    request.end();
    await new Promise<void>((resolve) =>
      request.on("connect", (_response, socket) => {
        socket.resume();
        resolve();
      }),
    );
    await calls.callsSettled(1);
    expect(Object.keys(await calls.calls())[0]).toMatch(/^CONNECT \S+ 200$/);
  });
});
