import { createServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer, get as httpsGet } from "node:https";
import type { Server } from "node:net";
import { describe, expect, test } from "vitest";
import { value } from "../../support/exposition.js";
import { askHttp2, openHttp2 } from "../../support/http2-client.js";
import { listen, observe } from "../../support/service.js";
import { TLS } from "../../support/tls.js";

describe("obs.instrument(server)", () => {
  test("observes node:http whenever its listeners were added, and stops when detached", async () => {
    const { obs, settled, spans } = observe();
    const server = createServer((_req, res) => res.write("a"));
    const detach = obs.instrument(server);
    server.on("request", (req, res) => {
      obs.setRoute(req, "/letters");
      res.end("b");
    });
    const { url } = await listen(server);
    expect(await (await fetch(url)).text()).toBe("ab");
    expect(await settled(1)).toEqual({ "GET /letters 200": 1 });
    detach();
    expect(await (await fetch(url)).text()).toBe("ab");
    expect(await settled(1)).toEqual({ "GET /letters 200": 1 });
    expect(spans).toHaveLength(1);
    expect(Object.hasOwn(server, "emit")).toBe(false);
  });

  test("observes node:https, with the scheme on the span", async () => {
    const { obs, settled, spans } = observe();
    const server = createHttpsServer(TLS, (_req, res) => res.end("ok"));
    obs.instrument(server);
    const { url } = await listen(server, "https");
    await new Promise((resolve) => httpsGet(url, { ca: TLS.cert }, (res) => res.resume().on("end", resolve)));
    expect(await settled(1)).toEqual({ "GET __unmatched__ 200": 1 });
    expect(spans[0]?.attributes["url.scheme"]).toBe("https");
  });

  test.each([
    ["h2c", () => createHttp2Server(), "http"],
    ["HTTP/2 over TLS", () => createSecureServer(TLS), "https"],
  ] as const)("observes %s through the compatibility API", async (_name, create, scheme) => {
    const { obs, settled, samples, spans, accessLog } = observe();
    const server: Server = create().on("request", (req, res) => {
      obs.setRoute(req, "/echo");
      req.pipe(res);
    });
    obs.instrument(server);
    const { url } = await listen(server, scheme);
    const session = openHttp2(url);
    expect(
      await askHttp2(session, { ":path": "/x", ":method": "POST", "x-request-id": "abc" }, "12345"),
    ).toBe("12345");
    expect(await askHttp2(session, { ":path": "/x", ":method": "HEAD" })).toBe("");
    expect(await settled(2)).toEqual({ "POST /echo 200": 1, "HEAD /echo 200": 1 });
    expect(value(await samples(), "http_request_size_bytes_sum", { method: "POST" })).toBe(5);
    expect(value(await samples(), "http_response_size_bytes_sum", { method: "POST" })).toBe(5);
    expect(spans[0]?.attributes).toMatchObject({
      "network.protocol.version": "2",
      "url.scheme": scheme,
      "url.path": "/x",
    });
    expect(accessLog()[0]).toMatchObject({ request_id: "abc", outcome: "ok", route: "/echo" });
  });

  test("leaves the listeners of a server as they were", () => {
    const { obs } = observe();
    const server = createServer();
    const before = server.eventNames().map((name) => [name, server.listenerCount(name)]);
    const detach = obs.instrument(server);
    expect(server.listenerCount("request")).toBe(0);
    detach();
    expect(server.eventNames().map((name) => [name, server.listenerCount(name)])).toEqual(before);
  });
});
