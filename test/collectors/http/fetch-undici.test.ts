import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import {
  Agent,
  Client,
  Pool,
  ProxyAgent,
  RetryAgent,
  request,
  stream,
  fetch as undiciFetch,
  upgrade,
} from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { observeCalls, serveCallee } from "../../support/outgoing.js";
import { listen, PATIENCE } from "../../support/service.js";

function keep<T extends { destroy(): Promise<void> }>(dispatcher: T): T {
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

describe("undici from npm", () => {
  test("is counted through request, stream, fetch, Client and Pool alike", async () => {
    const calls = observeCalls();
    const { url, host, heard } = await serveCallee();
    const dispatcher = keep(new Agent());
    await (await request(`${url}/ok`, { dispatcher })).body.text();
    await stream(`${url}/ok`, { method: "GET", dispatcher }, nowhere);
    await (await undiciFetch(`${url}/ok`, { dispatcher })).text();
    const pool = keep(new Pool(url, { connections: 2 }));
    const client = keep(new Client(url));
    await Promise.all(
      [pool, pool, pool, client].map(async (caller) =>
        (await caller.request({ path: "/ok", method: "PUT", body: "x" })).body.dump(),
      ),
    );
    expect(await calls.callsSettled(7)).toEqual({ [`GET ${host} 200`]: 3, [`PUT ${host} 200`]: 4 });
    expect(heard.every(({ traceparent }) => /^00-\w{32}-\w{16}-01$/.test(String(traceparent)))).toBe(true);
    const sent = calls.clientSpans().map((span) => span.spanContext().spanId);
    expect(heard.map(({ traceparent }) => String(traceparent).slice(36, 52)).sort()).toEqual(sent.sort());
  });

  test("leaves a traceparent alone, whether headers are an object, an array or pairs", async () => {
    const calls = observeCalls();
    const { url, heard } = await serveCallee();
    const dispatcher = keep(new Agent());
    const own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    for (const headers of [{ traceparent: own }, ["TraceParent", own], new Map([["traceparent", own]])])
      await (await request(`${url}/ok`, { dispatcher, headers })).body.dump();
    await calls.callsSettled(3);
    expect(heard.map(({ traceparent }) => traceparent)).toEqual([own, own, own]);
  });

  test("counts each attempt of a retry", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const dispatcher = keep(
      new RetryAgent(new Agent(), { maxRetries: 2, minTimeout: 1, statusCodes: [503] }),
    );
    await expect(request(`${url}/fails`, { dispatcher }).then(({ body }) => body.text())).rejects.toThrow();
    expect(await calls.callsSettled(3)).toEqual({ [`GET ${host} 503`]: 3 });
  });

  test.each([
    ["headersTimeout", { headersTimeout: 100 }, "/hangs", ""],
    ["bodyTimeout", { bodyTimeout: 100 }, "/stalls", "200"],
  ])("classes its own %s as a timeout", async (_name, options, path, status) => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const dispatcher = keep(new Agent(options));
    await expect(request(url + path, { dispatcher }).then(({ body }) => body.text())).rejects.toThrow();
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} ${status}`]: 1 });
    expect(await calls.errors()).toEqual({ [`GET ${host} timeout`]: 1 });
  });

  test("ends what a destroyed dispatcher leaves behind as aborted", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const client = new Client(url);
    const call = client.request({ path: "/hangs", method: "GET" });
    const refused = expect(call).rejects.toThrow();
    await expect.poll(calls.inFlight, PATIENCE).toBe(1);
    await client.destroy();
    await refused;
    await calls.callsSettled(1);
    expect(await calls.errors()).toEqual({ [`GET ${host} aborted`]: 1 });
  });
});

describe("what is no request", () => {
  test("an upgrade, whose end undici does not tell, is left out", async () => {
    const calls = observeCalls();
    const server = createServer();
    server.on("upgrade", (_req, socket) =>
      socket.end("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n"),
    );
    const { url } = await listen(server);
    const { socket } = await upgrade(url, { protocol: "chat", dispatcher: keep(new Agent()) });
    socket.on("error", () => undefined).resume();
    await once(socket, "close");
    expect(await calls.calls()).toEqual({});
    expect(await calls.inFlight()).toBe(0);
    expect(calls.clientSpans()).toEqual([]);
  });

  test("a tunnel through a proxy is left out, the request inside it counted under its own host", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    const proxy = await listen(createTunnel());
    const dispatcher = keep(new ProxyAgent({ uri: proxy.url, proxyTunnel: true }));
    expect(await (await request(`${url}/ok`, { dispatcher })).body.text()).toBe("ok");
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
  });
});

test("a call that runs when the observer is detached ends in flight, and later ones are not counted", async () => {
  const calls = observeCalls();
  const { url } = await serveCallee();
  const controller = new AbortController();
  const running = fetch(`${url}/hangs`, { signal: controller.signal }).catch(() => "gone");
  await expect.poll(calls.inFlight, PATIENCE).toBe(1);
  calls.obs.instrument(fetch)();
  expect(await calls.inFlight()).toBe(0);
  controller.abort();
  expect(await running).toBe("gone");
  await (await fetch(`${url}/ok`)).text();
  await wait(20);
  expect(await calls.calls()).toEqual({});
  expect(await calls.inFlight()).toBe(0);
});

function createTunnel(): Server {
  const server = createServer();
  server.on("connect", (req, socket) => {
    const [host, port] = String(req.url).split(":");
    const target = connect(Number(port), host);
    for (const end of [target, socket]) end.on("error", () => undefined);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.pipe(target).pipe(socket);
  });
  return server;
}
