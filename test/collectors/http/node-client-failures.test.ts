import http, { Agent } from "node:http";
import https, { createServer as createHttpsServer } from "node:https";
import { SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { answer, body, failure, tellOfCreation } from "../../support/node-calls.js";
import { freePort, observeCalls, serveCallee, serveRaw } from "../../support/outgoing.js";
import { listen, PATIENCE } from "../../support/service.js";
import { TLS } from "../../support/tls.js";

describe("a request of node:http that fails", () => {
  test.each([
    ["/reset", "connection_reset"],
    ["/leaves", "connection_reset"],
  ])("at %s is counted without a status, as %s", async (path, error) => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    await failure(http.get(url + path));
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} `]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} ${error}`]: 1 });
    const [span] = calls.clientSpans();
    expect([span?.status.code, span?.attributes["error.type"], span?.events.length]).toEqual([
      SpanStatusCode.ERROR,
      error,
      1,
    ]);
  });

  test("amid its body is counted with the status it had", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    await expect(body(await answer(http.get(`${url}/cut`)))).rejects.toThrow("aborted");
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} connection_reset`]: 1 });
  });

  test("is refused where nobody listens, unknown where no name resolves, a protocol error where it is not HTTP", async () => {
    const calls = observeCalls();
    const port = await freePort();
    const ssh = await serveRaw("SSH-2.0-OpenSSH_9.6\r\n");
    await failure(http.get(`http://127.0.0.1:${port}/`));
    await failure(http.get("http://telltale-test.invalid/"));
    await failure(http.get(ssh.url));
    await calls.callsSettled(3);
    expect(await calls.errors()).toEqual({
      [`GET 127.0.0.1:${port} connection_refused`]: 1,
      "GET telltale-test.invalid dns": 1,
      [`GET ${ssh.host} protocol`]: 1,
    });
  });

  test("for want of trust is a TLS error", async () => {
    const calls = observeCalls();
    const { url, port } = await listen(
      createHttpsServer(TLS, (_req, res) => res.end("ok")),
      "https",
    );
    await failure(https.get(url));
    await calls.callsSettled(1);
    expect(await calls.errors()).toEqual({ [`GET 127.0.0.1:${port} tls`]: 1 });
  });

  test.each([
    ["a deadline", "timeout", (url: string) => http.get(url, { signal: AbortSignal.timeout(100) })],
    [
      "an aborted signal",
      "aborted",
      (url: string) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 100);
        return http.get(url, { signal: controller.signal });
      },
    ],
    [
      "destroy()",
      "aborted",
      (url: string) => {
        const request = http.get(url);
        setTimeout(() => request.destroy(), 100);
        return request;
      },
    ],
    ["destroy() before it had a socket", "aborted", (url: string) => http.get(url).destroy()],
  ])("by %s is counted as %s", async (_how, error, send) => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    tellOfCreation(calls);
    await failure(send(`${url}/hangs`));
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} `]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} ${error}`]: 1 });
  });

  test("in the queue of its agent is counted as aborted", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const agent = new Agent({ maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    tellOfCreation(calls, agent);
    const first = http.get(`${url}/hangs`, { agent }).on("error", () => undefined);
    const queued = http.get(`${url}/ok`, { agent }).on("error", () => undefined);
    await expect.poll(calls.inFlight, PATIENCE).toBe(2);
    queued.destroy();
    first.destroy();
    await calls.callsSettled(2);
    expect(await calls.errors()).toEqual({ [`GET ${host} aborted`]: 2 });
  });

  test("because its response is destroyed is counted as aborted, with the status it had", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const response = await answer(http.get(`${url}/stalls`));
    response.on("error", () => undefined).destroy();
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} aborted`]: 1 });
  });
});
