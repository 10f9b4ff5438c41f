import { channel } from "node:diagnostics_channel";
import http, { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createObservability } from "../../../src/index.js";
import { type Children, prepareChildren } from "../../support/child.js";
import { find, table, value } from "../../support/exposition.js";
import { observeCalls, serveCallee } from "../../support/outgoing.js";
import { listen, observe, PATIENCE } from "../../support/service.js";

const fetched = async (url: string, init?: RequestInit): Promise<string> => (await fetch(url, init)).text();

describe("the host of an outgoing request", () => {
  test("is __other__ where it is not on the list", async () => {
    const [listed, other] = [await serveCallee(), await serveCallee()];
    const calls = observeCalls({ hosts: [listed.host] });
    await fetched(`${listed.url}/ok`);
    await fetched(`${other.url}/ok`);
    expect(await calls.callsSettled(2)).toEqual({ [`GET ${listed.host} 200`]: 1, "GET __other__ 200": 1 });
    expect(calls.clientSpans()[1]?.attributes["server.port"]).toBe(other.port);
  });

  test("is __overflow__ past the first `maxHosts`, which keep their names", async () => {
    const callees = [await serveCallee(), await serveCallee(), await serveCallee(), await serveCallee()];
    const calls = observeCalls({ maxHosts: 2 });
    for (const { url } of [...callees, ...callees]) await fetched(`${url}/ok`);
    const [first, second] = callees.map(({ host }) => host);
    expect(await calls.callsSettled(8)).toEqual({
      [`GET ${first} 200`]: 2,
      [`GET ${second} 200`]: 2,
      "GET __overflow__ 200": 4,
    });
    expect(find(await calls.samples(), "http_client_requests_in_flight")).toHaveLength(3);
  });

  test("is bounded with the method, which is _OTHER outside the standard ones", async () => {
    const calls = observeCalls();
    const { url, host } = await serveCallee();
    await fetched(`${url}/ok`, { method: "PROPFIND" });
    expect(await calls.callsSettled(1)).toEqual({ [`_OTHER ${host} 200`]: 1 });
  });
});

describe("traceparent", () => {
  test("is sent to the hosts of propagateTo alone, over fetch and node:http", async () => {
    const [friend, stranger] = [await serveCallee(), await serveCallee()];
    const calls = observeCalls({ propagateTo: [friend.host] });
    calls.obs.instrument(http.globalAgent);
    for (const { url } of [friend, stranger]) {
      await fetched(`${url}/ok`);
      await new Promise((resolve) =>
        http.get(`${url}/ok`, (response) => response.resume().on("end", resolve)),
      );
    }
    await calls.callsSettled(4);
    expect(friend.heard.map(({ traceparent }) => typeof traceparent)).toEqual(["string", "string"]);
    expect(stranger.heard.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
    expect(calls.clientSpans()).toHaveLength(4);
  });

  test("continues the trace of the caller where no span leaves the process", async () => {
    const { url, heard } = await serveCallee();
    const { obs } = observe({ tracing: { exporter: "none" }, http: { outgoing: true } });
    const outer = await listen(
      createServer(
        obs.http(async (_req, res) => {
          await fetched(`${url}/ok`);
          res.end();
        }),
      ),
    );
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    await fetched(outer.url, { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    expect(heard[0]?.["traceparent"]).toMatch(new RegExp(`^00-${trace}-\\w{16}-01$`));
  });

  test("is not sent with tracing off, and requests are counted all the same", async () => {
    const { url, host, heard } = await serveCallee();
    const { samples } = observe({ tracing: false, http: { outgoing: true } });
    await fetched(`${url}/ok`);
    const labels = ["method", "host", "status"];
    await expect
      .poll(async () => table(await samples(), "http_client_requests_total", labels), PATIENCE)
      .toEqual({ [`GET ${host} 200`]: 1 });
    expect(heard[0]?.["traceparent"]).toBeUndefined();
  });
});

describe("what is telltale's own", () => {
  test("the export of spans is neither counted nor traced", async () => {
    let exports = 0;
    const collector = await listen(
      createServer(
        (req, res) =>
          void req.resume().on("end", () => {
            exports++;
            res.end();
          }),
      ),
    );
    const tracing = { exporter: "otlp" as const, endpoint: collector.url, batchDelayMs: 10 };
    const { obs, samples } = observe({ tracing, http: { outgoing: true } });
    obs.instrument(http.globalAgent);
    obs.tracer.startSpan("work").end();
    await expect.poll(() => exports, PATIENCE).toBe(1);
    const { url, host } = await serveCallee();
    await fetched(`${url}/ok`);
    await expect.poll(() => exports, PATIENCE).toBe(2);
    const labels = ["method", "host", "status"];
    expect(table(await samples(), "http_client_requests_total", labels)).toEqual({ [`GET ${host} 200`]: 1 });
    expect(table(await samples(), "http_client_requests_in_flight", ["method", "host"])).toEqual({
      [`GET ${host}`]: 0,
    });
  });

  test("nothing is subscribed once it is closed that was not before", async () => {
    const names = ["created", "start", "error"]
      .map((name) => `http.client.request.${name}`)
      .concat(
        "http.client.response.finish",
        ["create", "headers", "trailers", "error"].map((name) => `undici:request:${name}`),
      );
    const subscribed = (): boolean[] => names.map((name) => channel(name).hasSubscribers);
    const before = subscribed();
    const obs = createObservability({ service: "x", logging: { level: "silent" } });
    obs.instrument(http.globalAgent);
    expect(subscribed()).toEqual(names.map(() => true));
    await obs.close();
    expect(subscribed()).toEqual(before);
    expect(Object.hasOwn(http.globalAgent, "addRequest")).toBe(false);
  });

  test("nothing is subscribed where outgoing requests are left alone", async () => {
    const before = channel("undici:request:create").hasSubscribers;
    observe({ http: { outgoing: false } });
    expect(channel("undici:request:create").hasSubscribers).toBe(before);
  });

  test("two instances count the same call each, and the one that closes leaves the other", async () => {
    const { url, host } = await serveCallee();
    const [left, right] = [observeCalls(), observeCalls()];
    await fetched(`${url}/ok`);
    await left.callsSettled(1);
    await left.obs.close();
    await fetched(`${url}/ok`);
    expect(await right.callsSettled(2)).toEqual({ [`GET ${host} 200`]: 2 });
  });
});

test("a process without fetch is observed as far as it goes", async () => {
  const { url, host } = await serveCallee();
  const { fetch } = globalThis;
  Reflect.deleteProperty(globalThis, "fetch");
  const calls = observeCalls();
  globalThis.fetch = fetch;
  await new Promise((resolve) => http.get(`${url}/ok`, (response) => response.resume().on("end", resolve)));
  expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
});

test("a call of node:http that outlives its observer ends well, and in-flight with it", async () => {
  const calls = observeCalls();
  const { url, host } = await serveCallee();
  const request = http.get(`${url}/stalls`);
  request.on("error", () => undefined);
  await new Promise((resolve) => request.on("response", resolve));
  const late = http.get(`${url}/hangs`).on("error", () => undefined);
  await expect.poll(calls.inFlight, PATIENCE).toBe(2);
  calls.obs.instrument(http)();
  late.destroy();
  request.destroy();
  await expect.poll(calls.inFlight, PATIENCE).toBe(0);
  expect(await calls.calls()).toEqual({ [`GET ${host} `]: 1, [`GET ${host} 200`]: 1 });
});

test("a fault of ours in a channel is counted and never reaches the host", async () => {
  const calls = observeCalls();
  // What a hostile or future client might publish.
  for (const name of [
    "undici:request:create",
    "undici:request:headers",
    "http.client.request.start",
    "http.client.response.finish",
  ])
    channel(name).publish({ request: { origin: "not a url", method: 7 } });
  channel("undici:request:trailers").publish(undefined);
  expect(
    value(await calls.samples(), "telltale_errors_total", { part: "http.client" }),
  ).toBeGreaterThanOrEqual(3);
  const { url, host } = await serveCallee();
  await fetched(`${url}/ok`);
  expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
});

describe("a process", () => {
  let children: Children;
  beforeAll(() => void (children = prepareChildren()));
  afterAll(() => children.remove());

  const observed = `const obs = createObservability({ service: "child", logging: { level: "silent" } }); obs.instrument(require("node:http").globalAgent);`;

  test.each(["", observed])(
    "crashes at the error of a request that nobody listens to [%#]",
    async (prelude) => {
      const { code, stderr } = await children.run(
        `${prelude} require("node:http").get("http://127.0.0.1:1/");`,
      );
      expect([code, stderr.includes("ECONNREFUSED"), stderr.includes("Unhandled 'error' event")]).toEqual([
        1,
        true,
        true,
      ]);
    },
  );

  test.each(["", observed])("is told of a fetch that nobody catches [%#]", async (prelude) => {
    const { code, stderr } = await children.run(`${prelude} fetch("http://127.0.0.1:9/x");`);
    expect([code, stderr.includes("fetch failed")]).toEqual([1, true]);
  });

  test.each(["", observed])(
    "ends by itself when its calls are done, though nothing was closed [%#]",
    async (prelude) => {
      const { code, stdout } = await children.run(`${prelude}
      const server = require("node:http").createServer((req, res) => res.end("ok")).listen(0, "127.0.0.1", () => {
        const url = "http://127.0.0.1:" + server.address().port;
        require("node:http").get(url, () => undefined).on("response", (r) => r.resume().on("end", async () => {
          console.log(await (await fetch(url)).text());
          server.close();
          server.closeAllConnections();
        }));
      });`);
      expect([code, stdout.trim()]).toEqual([0, "ok"]);
    },
  );
});
