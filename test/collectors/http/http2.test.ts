import { createServer } from "node:http2";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { askHttp2, openHttp2 } from "../../support/http2-client.js";
import { listen, observe, PATIENCE } from "../../support/service.js";

const phases = ["route", "phase"];

describe("over HTTP/2", () => {
  test("a client that cancels is aborted, before or after the headers", async () => {
    const { obs, settled, samples, accessLog } = observe();
    const server = createServer();
    server.on("request", (req, res) => {
      obs.setRoute(req, "/x");
      if (req.url === "/after") res.write("some");
    });
    obs.instrument(server);
    const { url } = await listen(server);
    const session = openHttp2(url);
    for (const path of ["/before", "/after"]) {
      const stream = session.request({ ":path": path });
      stream.on("error", () => undefined);
      if (path === "/after") await new Promise((resolve) => stream.once("data", resolve));
      else await expect.poll(async () => value(await samples(), "http_requests_in_flight"), PATIENCE).toBe(1);
      stream.close(8);
    }
    expect(await settled(2)).toEqual({ "GET /x 499": 2 });
    expect(table(await samples(), "http_requests_aborted_total", phases)).toEqual({
      "/x before_headers": 1,
      "/x after_headers": 1,
    });
    expect(accessLog().map(({ outcome }) => outcome)).toEqual(["aborted", "aborted"]);
  });

  test("a connection that breaks is aborted", async () => {
    const { obs, settled } = observe();
    const server = createServer((_req, res) => void res.write("some"));
    obs.instrument(server);
    const { url } = await listen(server);
    const session = openHttp2(url);
    const stream = session.request({ ":path": "/" }).on("error", () => undefined);
    await new Promise((resolve) => stream.once("data", resolve));
    session.destroy();
    expect(await settled(1)).toEqual({ "GET __unmatched__ 499": 1 });
  });

  test("a stream that the server itself destroys is its own error", async () => {
    const { obs, settled, samples, accessLog } = observe();
    const server = createServer((_req, res) => {
      res.write("some");
      setImmediate(() => res.stream.destroy(new Error("broke")));
    });
    obs.instrument(server);
    const { url } = await listen(server);
    const stream = openHttp2(url)
      .request({ ":path": "/" })
      .on("error", () => undefined)
      .resume();
    await new Promise((resolve) => stream.once("close", resolve));
    expect(await settled(1)).toEqual({ "GET __unmatched__ 500": 1 });
    expect(table(await samples(), "http_requests_aborted_total", phases)).toEqual({});
    expect(accessLog()[0]).toMatchObject({ outcome: "error", status: 500 });
  });

  test("a stream that is cut amid a body given whole is not ok", async () => {
    const { obs, settled } = observe();
    const server = createServer((_req, res) => {
      res.end(Buffer.alloc(10_000_000));
      res.stream.destroy();
    });
    obs.instrument(server);
    const { url } = await listen(server);
    const stream = openHttp2(url).request({ ":path": "/" });
    stream.on("error", () => undefined).resume();
    await new Promise((resolve) => stream.once("close", resolve));
    expect(await settled(1)).toEqual({ "GET __unmatched__ 499": 1 });
  });

  test("a large body that the client reads whole is ok", async () => {
    const { obs, settled } = observe();
    const server = createServer((_req, res) => void res.end("x".repeat(5_000_000)));
    obs.instrument(server);
    const { url } = await listen(server);
    expect(await askHttp2(openHttp2(url), { ":path": "/" })).toHaveLength(5_000_000);
    expect(await settled(1)).toEqual({ "GET __unmatched__ 200": 1 });
  });
});
