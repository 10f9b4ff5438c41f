import { createServer, request as httpRequest } from "node:http";
import { SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen, observe, PATIENCE } from "../../support/service.js";

describe("over HTTP/1", () => {
  test("a 1.0 client, which hangs up after its answer, is ok", async () => {
    const { obs, settled, spans } = observe();
    const { port } = await listen(createServer(obs.http((_req, res) => res.end("ok"))));
    const client = await connectRaw(port);
    client.send(head("GET / HTTP/1.0", {}));
    await client.closed();
    expect(client.received()).toMatch(/200 OK[\s\S]*\r\n\r\nok$/);
    expect(await settled(1)).toEqual({ "GET __unmatched__ 200": 1 });
    expect(spans[0]?.attributes["network.protocol.version"]).toBe("1.0");
  });

  test("pipelined requests are counted each, in order, with routes and bytes of their own", async () => {
    const { obs, settled, accessLog } = observe();
    const listener = obs.http(
      (req, res) => void setTimeout(() => res.end(req.url), req.url === "/1" ? 20 : 0),
      { route: (req) => req.url },
    );
    const { port } = await listen(createServer(listener));
    const client = await connectRaw(port);
    client.send(["/1", "/22", "/333"].map((path) => head(`GET ${path} HTTP/1.1`)).join(""));
    await client.until("/333");
    expect(await settled(3)).toEqual({ "GET /1 200": 1, "GET /22 200": 1, "GET /333 200": 1 });
    expect(accessLog().map(({ path, response_bytes }) => [path, response_bytes])).toEqual([
      ["/1", 2],
      ["/22", 3],
      ["/333", 4],
    ]);
  });

  test("pipelined requests of a client that leaves are all aborted, those still queued too", async () => {
    const { obs, settled, samples } = observe();
    const server = createServer(
      obs.http(
        (req, res) => {
          if (req.url === "/early") res.end("early");
        },
        { route: (req) => req.url },
      ),
    );
    const { port } = await listen(server);
    const client = await connectRaw(port);
    client.send(["/hangs", "/early", "/late"].map((path) => head(`GET ${path} HTTP/1.1`)).join(""));
    await expect.poll(async () => value(await samples(), "http_requests_in_flight"), PATIENCE).toBe(3);
    client.reset();
    expect(await settled(3)).toEqual({ "GET /hangs 499": 1, "GET /early 499": 1, "GET /late 499": 1 });
  });

  test("a long pipeline costs its socket one listener, once", async () => {
    const { obs, settled } = observe();
    const counts: number[] = [];
    const server = createServer(
      obs.http((req, res) => {
        counts.push(req.socket.listenerCount("close"));
        setImmediate(() => res.end("."));
      }),
    );
    const { port } = await listen(server);
    const client = await connectRaw(port);
    for (let round = 0; round < 5; round++) {
      client.send(head("GET / HTTP/1.1").repeat(20));
      await settled((round + 1) * 20);
    }
    const [first = 0] = counts;
    expect(Math.max(...counts)).toBe(first + 1);
  });

  test("a request that ends in a parse error leaves nothing in flight", async () => {
    const { obs, settled } = observe();
    const { port } = await listen(createServer(obs.http((_req, _res) => undefined)));
    const client = await connectRaw(port);
    client.send(`${head("POST / HTTP/1.1", { Host: "x", "Transfer-Encoding": "chunked" })}zz\r\n`);
    await client.closed();
    expect(Object.keys(await settled(1))).toHaveLength(1);
  });

  test("Expect: 100-continue is answered and counted, without a listener and with one", async () => {
    const { obs, settled, samples } = observe();
    const server = createServer(obs.http((req, res) => void req.resume().on("end", () => res.end("done"))));
    obs.instrument(server);
    const { port } = await listen(server);
    const put = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const request = httpRequest({
          port,
          method: "PUT",
          headers: { expect: "100-continue", "content-length": 5 },
        });
        request.on("continue", () => request.end("12345")).on("error", reject);
        request.on("response", (res) => res.resume().on("end", () => resolve(String(res.statusCode))));
        request.flushHeaders();
      });
    expect(await put()).toBe("200");
    server.on("checkContinue", (req, res) => {
      res.writeContinue();
      server.emit("request", req, res);
    });
    expect(await put()).toBe("200");
    expect(await settled(2)).toEqual({ "PUT __unmatched__ 200": 2 });
    expect(value(await samples(), "http_request_size_bytes_sum")).toBe(10);
  });

  test("an expectation that a listener refuses is counted with its status", async () => {
    const { obs, settled } = observe();
    const server = createServer(() => undefined);
    server.on("checkContinue", (_req, res) => res.writeHead(417).end());
    server.on("checkExpectation", (_req, res) => res.writeHead(417).end());
    obs.instrument(server);
    const { port } = await listen(server);
    for (const expect of ["100-continue", "miracles"]) {
      const client = await connectRaw(port);
      client.send(head("PUT / HTTP/1.1", { Host: "x", Expect: expect, "Content-Length": "5" }));
      await client.until("417");
    }
    expect(await settled(2)).toEqual({ "PUT __unmatched__ 417": 2 });
  });

  test("CONNECT and upgrades are no requests, and their listeners get what they got before", async () => {
    const { obs, settled, samples, spans } = observe();
    const server = createServer(() => undefined);
    const heard: string[] = [];
    for (const event of ["connect", "upgrade"] as const)
      server.on(event, (req, socket) => {
        heard.push(`${event} ${req.method} ${req.url}`);
        socket.end("HTTP/1.1 101 Switching\r\n\r\n");
      });
    obs.instrument(server);
    const { port } = await listen(server);
    for (const line of ["CONNECT example.com:443 HTTP/1.1", "GET /ws HTTP/1.1"]) {
      const client = await connectRaw(port);
      client.send(head(line, { Host: "x", Connection: "Upgrade", Upgrade: "websocket" }));
      await client.until("101");
    }
    expect(heard).toEqual(["connect CONNECT example.com:443", "upgrade GET /ws"]);
    expect(await settled(0)).toEqual({});
    expect([table(await samples(), "http_requests_in_flight", ["method"]), spans.length]).toEqual([{}, 0]);
  });

  test("a connection that the server itself cuts mid-response is its own error, not the client's", async () => {
    const { obs, settled, samples, spans } = observe();
    const server = createServer(obs.http((_req, res) => void res.write("some")));
    const { port } = await listen(server);
    const client = await connectRaw(port);
    client.send(head("GET / HTTP/1.1"));
    await client.until("some");
    server.closeAllConnections();
    expect(await settled(1)).toEqual({ "GET __unmatched__ 500": 1 });
    expect(table(await samples(), "http_requests_aborted_total", ["route", "phase"])).toEqual({});
    expect([spans[0]?.status.code, spans[0]?.attributes["http.response.status_code"]]).toEqual([
      SpanStatusCode.ERROR,
      500,
    ]);
  });

  test("a client that leaves while it still sends its body is aborted", async () => {
    const { obs, settled, samples } = observe();
    const { port } = await listen(createServer(obs.http((req) => void req.resume())));
    const client = await connectRaw(port);
    client.send(`${head("POST / HTTP/1.1", { Host: "x", "Content-Length": "10" })}12345`);
    await expect.poll(async () => value(await samples(), "http_requests_in_flight"), PATIENCE).toBe(1);
    client.leave();
    expect(await settled(1)).toEqual({ "POST __unmatched__ 499": 1 });
    expect(value(await samples(), "http_request_size_bytes_sum")).toBe(5);
  });

  test("methods outside the standard ones share one value, unless they are listed", async () => {
    const { obs, settled, samples } = observe({ http: { methods: ["PURGE"] } });
    const { port } = await listen(createServer(obs.http((_req, res) => res.end())));
    const client = await connectRaw(port);
    for (const method of ["PROPFIND", "MKCOL", "PURGE", "GET"]) client.send(head(`${method} / HTTP/1.1`));
    expect(await settled(4)).toEqual({
      "_OTHER __unmatched__ 200": 2,
      "PURGE __unmatched__ 200": 1,
      "GET __unmatched__ 200": 1,
    });
    expect(table(await samples(), "http_requests_in_flight", ["method"])).toEqual({
      _OTHER: 0,
      PURGE: 0,
      GET: 0,
    });
  });
});
