import { createServer } from "node:http";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { find, table, value } from "../../support/exposition.js";
import { freePort, observeCalls, serveCallee, serveRaw } from "../../support/outgoing.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen, PATIENCE } from "../../support/service.js";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describe("fetch", () => {
  test("is counted and timed with method, host and status, and nothing else", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    expect(await (await fetch(`${url}/ok?secret=1`)).text()).toBe("ok");
    await (await fetch(`${url}/ok`, { method: "POST", body: "12345" })).text();
    await (await fetch(`${url}/empty`, { method: "DELETE" })).text();
    expect(await calls.callsSettled(3)).toEqual({
      [`GET ${host} 200`]: 1,
      [`POST ${host} 200`]: 1,
      [`DELETE ${host} 204`]: 1,
    });
    const samples = await calls.samples();
    expect(
      table(samples, "http_client_request_duration_seconds_count", ["method", "host", "status"]),
    ).toEqual(await calls.calls());
    expect(
      find(samples, "http_client_requests_total").map(({ labels }) => Object.keys(labels).sort())[0],
    ).toEqual(["host", "method", "service", "status"]);
    expect(await calls.errors()).toEqual({});
  });

  test("has a CLIENT span with the attributes of the conventions, the query left out", async () => {
    const calls = observeCalls();
    const { url, port } = await serveCallee();
    await (await fetch(`${url}/ok?secret=1`)).text();
    await calls.callsSettled(1);
    const [span] = calls.clientSpans();
    expect([span?.name, span?.kind, span?.status.code]).toEqual([
      "GET",
      SpanKind.CLIENT,
      SpanStatusCode.UNSET,
    ]);
    expect(span?.attributes).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": 200,
      "server.address": "127.0.0.1",
      "server.port": port,
      "url.full": `${url}/ok`,
    });
  });

  test.each([
    ["/missing", 404],
    ["/fails", 503],
  ])(
    "marks the span of %s, answered with %i, as failed, though no error is counted",
    async (path, status) => {
      const calls = observeCalls();
      const { url, host } = await serveCallee();
      await (await fetch(url + path)).text();
      expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} ${status}`]: 1 });
      expect(await calls.errors()).toEqual({});
      const [span] = calls.clientSpans();
      expect([span?.status.code, span?.attributes["error.type"]]).toEqual([
        SpanStatusCode.ERROR,
        String(status),
      ]);
    },
  );

  test("carries the ids of its span, child of the SERVER span that it was called in", async () => {
    const calls = observeCalls();
    const callee = await serveCallee();
    const { port } = await listen(
      createServer(
        calls.obs.http(async (_req, res) => {
          await new Promise((resolve) => setImmediate(resolve));
          await fetch(`${callee.url}/ok`).then((answer) => answer.text());
          res.end();
        }),
      ),
    );
    // By a socket of its own, so that only the inner call is observed.
    const client = await connectRaw(port);
    client.send(head("GET / HTTP/1.1", { Host: "x", Connection: "close", traceparent: PARENT }));
    await client.closed();
    await calls.callsSettled(1);
    await expect.poll(() => calls.spans.length, PATIENCE).toBe(2);
    const [call] = calls.clientSpans();
    const server = calls.spans.find(({ kind }) => kind === SpanKind.SERVER);
    const ids = call?.spanContext();
    expect(ids?.traceId).toBe(PARENT.slice(3, 35));
    expect(call?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    expect(callee.heard[0]?.["traceparent"]).toBe(`00-${ids?.traceId}-${ids?.spanId}-01`);
  });

  test("leaves a traceparent alone that the service has set", async () => {
    const calls = observeCalls();
    const { url, heard } = await serveCallee();
    await (await fetch(`${url}/ok`, { headers: { TraceParent: PARENT } })).text();
    await calls.callsSettled(1);
    expect(heard[0]?.["traceparent"]).toBe(PARENT);
  });

  test("counts each hop of a redirect, as one trace", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const outer = trace.setSpan(context.active(), calls.obs.tracer.startSpan("outer"));
    const answer = await context.with(outer, () => fetch(`${url}/moved`));
    expect(await answer.text()).toBe("ok");
    expect(await calls.callsSettled(2)).toEqual({ [`GET ${host} 302`]: 1, [`GET ${host} 200`]: 1 });
    const outerId = trace.getSpanContext(outer)?.spanId;
    expect(calls.clientSpans().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      outerId,
      outerId,
    ]);
  });

  test("is in flight until its body has been read", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const answer = await fetch(`${url}/large`);
    expect(await calls.inFlight()).toBe(1);
    await answer.arrayBuffer();
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
    const unread = await fetch(`${url}/large`);
    await unread.body?.cancel();
    await calls.callsSettled(2);
  });

  test("ends for early hints only with the answer", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    expect(await (await fetch(`${url}/early`)).text()).toBe("ok");
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
  });
});

describe("a fetch that fails", () => {
  test.each([
    ["/reset", "connection_reset"],
    ["/leaves", "connection_reset"],
  ])("at %s is counted without a status, as %s", async (path, error) => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    await expect(fetch(url + path)).rejects.toThrow();
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} `]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} ${error}`]: 1 });
    const [span] = calls.clientSpans();
    expect([span?.status.code, span?.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, error]);
    expect(span?.events.map(({ name }) => name)).toEqual(["exception"]);
  });

  test("amid its body is counted with the status it had", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const answer = await fetch(`${url}/cut`);
    await expect(answer.text()).rejects.toThrow();
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} connection_reset`]: 1 });
  });

  test("is refused where nobody listens, and unknown where no name resolves", async () => {
    const calls = observeCalls();
    const port = await freePort();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    await expect(fetch("http://telltale-test.invalid/")).rejects.toThrow();
    await calls.callsSettled(2);
    expect(await calls.errors()).toEqual({
      [`GET 127.0.0.1:${port} connection_refused`]: 1,
      "GET telltale-test.invalid dns": 1,
    });
  });

  test.each([
    ["/hangs", ""],
    ["/stalls", "200"],
  ])("by a deadline at %s is a timeout, by a change of mind aborted", async (path, status) => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const read = async (signal: AbortSignal): Promise<string> => (await fetch(url + path, { signal })).text();
    await expect(read(AbortSignal.timeout(400))).rejects.toThrow();
    const controller = new AbortController();
    const call = read(controller.signal);
    await expect.poll(calls.inFlight, PATIENCE).toBe(1);
    setTimeout(() => controller.abort(), 100);
    await expect(call).rejects.toThrow();
    expect(await calls.callsSettled(2)).toEqual({ [`GET ${host} ${status}`]: 2 });
    expect(await calls.errors()).toEqual({ [`GET ${host} timeout`]: 1, [`GET ${host} aborted`]: 1 });
  });

  test("at what is not HTTP is a protocol error", async () => {
    const calls = observeCalls();
    const { url, host } = await serveRaw("SSH-2.0-OpenSSH_9.6\r\n");
    await expect(fetch(url)).rejects.toThrow();
    await calls.callsSettled(1);
    expect(await calls.errors()).toEqual({ [`GET ${host} protocol`]: 1 });
  });

  test("before it is sent is neither counted nor in flight", async () => {
    const calls = observeCalls();
    await expect(fetch("nowhere:")).rejects.toThrow();
    await expect(fetch("http://127.0.0.1:1/", { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await calls.callsSettled(0)).toEqual({});
    expect(calls.clientSpans()).toEqual([]);
  });
});

test("a span that is active by OpenTelemetry's own means is the parent", async () => {
  const calls = observeCalls();
  const { url } = await serveCallee();
  const outer = calls.obs.tracer.startSpan("outer");
  await context.with(trace.setSpan(context.active(), outer), async () => (await fetch(`${url}/ok`)).text());
  outer.end();
  await calls.callsSettled(1);
  expect(calls.clientSpans()[0]?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
  expect(value(await calls.samples(), "telltale_errors_total")).toBeUndefined();
});
