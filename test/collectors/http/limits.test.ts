import { maxHeaderSize } from "node:http";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";

describe.each(EXPRESSES)("at the limits of node's parser, %s", (_, express) => {
  const serve = () =>
    serveExpress(express, (app) => void app.get("/users/:id", (_req, res) => void res.send("ok")));

  test("counts a request whose headers just fit, and logs no value of them", async () => {
    const service = await serve();
    const client = await connectRaw(service.port);
    const big = "s3cret".repeat(2500);
    client.send(head("GET /users/1 HTTP/1.1", { Host: "x", Authorization: big }));
    await client.until("200 OK");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    expect(JSON.stringify([service.lines, service.spans.map(({ attributes }) => attributes)])).not.toContain(
      "s3cret",
    );
  });

  test.each([
    ["twice the limit", maxHeaderSize * 2],
    ["a megabyte", 1024 * 1024],
  ])("does not count a request with headers of %s: node answers 431", async (_size, bytes) => {
    const service = await serve();
    const client = await connectRaw(service.port);
    client.send(head("GET /users/1 HTTP/1.1", { Host: "x", "X-Big": "x".repeat(bytes) }));
    await client.closed();
    if (bytes < 100_000) expect(client.received()).toContain("431");
    await service.ask("/users/2");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
    expect(service.accessLog()).toHaveLength(1);
  });

  test.each([
    ["no HTTP at all", "\x16\x03\x01 hello\r\n\r\n"],
    ["a broken header", "GET / HTTP/1.1\r\nHost: x\r\nbroken\x00header\r\n\r\n"],
    ["an unknown method", head("FROBNICATE / HTTP/1.1")],
    ["two lengths", head("POST / HTTP/1.1", { Host: "x", "Content-Length": "1, 2" })],
  ])("does not count %s: node answers 400", async (_what, bytes) => {
    const service = await serve();
    const client = await connectRaw(service.port);
    client.send(bytes);
    await client.closed();
    expect(client.received()).toContain("400 Bad Request");
    await service.ask("/users/2");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
  });

  test("counts a chunked body that breaks in its middle as aborted or as the answer, once", async () => {
    const service = await serve();
    service.app.post("/upload", (req, res) => {
      req.on("error", () => undefined);
      req.resume().on("end", () => res.send("stored"));
    });
    const client = await connectRaw(service.port);
    client.send(head("POST /upload HTTP/1.1", { Host: "x", "Transfer-Encoding": "chunked" }));
    await expect.poll(async () => value(await service.samples(), "http_requests_in_flight")).toBe(1);
    client.send("3\r\nabc\r\nnonsense\r\n");
    await client.closed();
    expect(await service.settled(1)).toEqual({ "POST /upload 499": 1 });
    expect(table(await service.samples(), "http_requests_aborted_total", ["phase"])).toEqual({
      before_headers: 1,
    });
  });
});
