import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Children, prepareChildren, type RunningChild } from "../../support/child.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { TLS } from "../../support/tls.js";
import { type Framework, serviceScript } from "./service-script.js";

const FRAMEWORKS: Framework[] = ["node:http", "express", "fastify"];
const SLOW_MS = 60_000;

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

async function start(script: string): Promise<{ child: RunningChild; port: number }> {
  const child = children.start(script);
  const [, port] = await child.printed(/listening (\d+)/);
  return { child, port: Number(port) };
}

describe.each(FRAMEWORKS)("on SIGTERM %s", (framework) => {
  it("lets go of idle and of never-used connections, and exits with 0", { timeout: SLOW_MS }, async () => {
    const { child, port } = await start(serviceScript({ framework }));
    const idle = await connectRaw(port);
    idle.send(head("GET /live HTTP/1.1"));
    await idle.until("healthy");
    const unused = await connectRaw(port);
    child.kill("SIGTERM");
    expect(await child.ended()).toBe(0);
    await Promise.all([idle.closed(), unused.closed()]);
    expect(unused.received()).toBe("");
    expect(child.events("shutdown_cut")).toEqual([]);
    expect(child.output()).not.toContain("still alive");
  });

  it("answers the request that is open, with `Connection: close`", { timeout: SLOW_MS }, async () => {
    const { child, port } = await start(serviceScript({ framework }));
    const client = await connectRaw(port);
    client.send(head("GET /work/600 HTTP/1.1"));
    await child.printed(/working/);
    child.kill("SIGTERM");
    await client.until("done");
    expect(client.received()).toMatch(/^connection: close\r$/im);
    expect(await child.ended()).toBe(0);
    expect(child.events("shutdown_started")).toMatchObject([{ in_flight: 1, reason: "SIGTERM" }]);
  });

  it("cuts the request that takes too long, and names its route", { timeout: SLOW_MS }, async () => {
    const { child, port } = await start(serviceScript({ framework, shutdown: "{ requestTimeoutMs: 300 }" }));
    const client = await connectRaw(port);
    client.send(head("GET /work/60000?token=secret HTTP/1.1"));
    await child.printed(/working/);
    child.kill("SIGTERM");
    await client.closed();
    expect(await child.ended()).toBe(0);
    expect(child.events("shutdown_cut")).toMatchObject([
      { count: 1, requests: [{ method: "GET", route: "/work/:ms" }] },
    ]);
    expect(child.output()).not.toContain("secret");
  });
});

describe("on SIGTERM", () => {
  it("closes Fastify only once the last request is answered, its hooks included", {
    timeout: SLOW_MS,
  }, async () => {
    const { child, port } = await start(serviceScript({ framework: "fastify" }));
    const client = await connectRaw(port);
    client.send(head("GET /work/600 HTTP/1.1"));
    await child.printed(/working/);
    child.kill("SIGTERM");
    await client.until("done");
    expect(await child.ended()).toBe(0);
    expect(child.output().match(/worked|fastify \w+/g)).toEqual([
      "worked",
      "fastify preClose",
      "fastify onClose",
    ]);
  });

  it("cuts an event stream before it waits for requests to the end", { timeout: SLOW_MS }, async () => {
    const shutdown = "{ upgradeTimeoutMs: 100, requestTimeoutMs: 20000 }";
    const { child, port } = await start(serviceScript({ framework: "express", shutdown }));
    const client = await connectRaw(port);
    client.send(head("GET /events/news HTTP/1.1"));
    await client.until("data: 1");
    child.kill("SIGTERM");
    expect(await child.ended()).toBe(0);
    expect(child.events("shutdown_cut")).toEqual([]);
  });

  const webSockets = (hook: string): string =>
    serviceScript({
      shutdown: "{ upgradeTimeoutMs: 300 }",
      options: "",
      before: `
const { WebSocketServer } = require("ws");
const wss = new WebSocketServer({ noServer: true });
${hook}
setImmediate(() => server.on("upgrade", (req, socket, head) => wss.handleUpgrade(req, socket, head, () => undefined)));
`,
    });

  async function openSocket(port: number): Promise<{ closedWith: Promise<number> }> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    onTestFinished(() => socket.terminate());
    const closedWith = new Promise<number>((resolve) => socket.once("close", resolve));
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return { closedWith };
  }

  it("closes WebSockets with 1001 through onUpgradeClose", { timeout: SLOW_MS }, async () => {
    const { child, port } = await start(webSockets("obs.health.onUpgradeClose(wss);"));
    const { closedWith } = await openSocket(port);
    child.kill("SIGTERM");
    expect([await closedWith, await child.ended()]).toEqual([1001, 0]);
  });

  it("destroys WebSockets that nobody closes, long before the requests' limit", {
    timeout: SLOW_MS,
  }, async () => {
    const { child, port } = await start(webSockets(""));
    const { closedWith } = await openSocket(port);
    child.kill("SIGTERM");
    expect([await closedWith, await child.ended()]).toEqual([1006, 0]);
    expect(child.events("shutdown_cut")).toEqual([]);
  });

  const tls = JSON.stringify(TLS);
  const http2Script = (create: string): string => `
const obs = createObservability({ service: "ending", health: { shutdown: true } });
const http2 = require("node:http2");
const server = ${create}(obs.http((req, res) => {
  console.log("working");
  setTimeout(() => res.end("done"), Number(req.url.slice(1)));
})).listen(0, "127.0.0.1", () => console.log("listening " + server.address().port));
`;

  it.each([
    ["http", "http2.createServer"],
    ["https", `((handler) => http2.createSecureServer(${tls}, handler))`],
  ])(
    "lets the streams of HTTP/2 over %s finish, then ends the sessions",
    { timeout: SLOW_MS },
    async (scheme, create) => {
      const { child, port } = await start(http2Script(create));
      const connect = () => {
        const session = connectHttp2(`${scheme}://localhost:${port}`, { ca: TLS.cert });
        onTestFinished(() => session.destroy());
        session.on("error", () => undefined);
        return session;
      };
      const busy = connect();
      const idle = connect();
      const idleClosed = new Promise((resolve) => idle.once("close", resolve));
      await new Promise((resolve) => idle.once("connect", resolve));
      const stream = busy.request({ ":path": "/500" });
      let text = "";
      stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      const ended = new Promise((resolve) => stream.once("close", resolve));
      await child.printed(/working/);
      child.kill("SIGTERM");
      await Promise.all([ended, idleClosed]);
      expect([text, await child.ended()]).toEqual(["done", 0]);
      expect(child.events("shutdown_cut")).toEqual([]);
    },
  );

  it("lets go of an https connection that was never used, with and without a handshake", {
    timeout: SLOW_MS,
  }, async () => {
    const { child, port } = await start(`
const obs = createObservability({ service: "ending", health: { shutdown: true } });
const server = require("node:https").createServer(${tls}, obs.http((req, res) => res.end("x")))
  .listen(0, "127.0.0.1", () => console.log("listening " + server.address().port));
`);
    const raw = await connectRaw(port);
    const client = connectTls({ port, host: "127.0.0.1", ca: TLS.cert });
    onTestFinished(() => void client.destroy());
    const closed = new Promise((resolve) => client.on("error", () => undefined).once("close", resolve));
    await new Promise((resolve) => client.once("secureConnect", resolve));
    client.resume();
    child.kill("SIGTERM");
    await Promise.all([closed, raw.closed()]);
    expect(await child.ended()).toBe(0);
    expect(child.events("shutdown_cut")).toEqual([]);
  });
});
