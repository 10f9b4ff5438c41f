import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";

describe.each(EXPRESSES)("on one connection of %s", (_, express) => {
  test("each request of a kept connection is counted once", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/users/:id", (req, res) => void res.send(req.params["id"]));
    });
    const client = await connectRaw(service.port);
    for (const id of ["a1", "a2", "a3"]) {
      client.send(head(`GET /users/${id} HTTP/1.1`));
      await client.until(`\r\n\r\n${id}`);
    }
    expect(await service.settled(3)).toEqual({ "GET /users/:id 200": 3 });
    expect(value(await service.samples(), "http_requests_in_flight")).toBe(0);
  });

  test("pipelined requests are counted once each under their own routes, answered in order", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/slow/:id", (_req, res) => void setTimeout(() => res.send("slow"), 20));
      app.get("/fast/:id", (_req, res) => void res.send("fast"));
      app.post("/made", (_req, res) => void res.status(201).send("made"));
    });
    const client = await connectRaw(service.port);
    client.send(
      [
        head("GET /slow/1 HTTP/1.1"),
        head("GET /fast/2 HTTP/1.1"),
        `${head("POST /made HTTP/1.1", { Host: "x", "Content-Length": "4" })}body`,
        head("GET /nothing HTTP/1.1"),
        head("HEAD /fast/5 HTTP/1.1"),
      ].join(""),
    );
    await expect.poll(() => client.received().match(/HTTP\/1\.1 (\d+)/g)).toHaveLength(5);
    expect(client.received().match(/HTTP\/1\.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 200",
      "HTTP/1.1 201",
      "HTTP/1.1 404",
      "HTTP/1.1 200",
    ]);
    expect(await service.settled(5)).toEqual({
      "GET /slow/:id 200": 1,
      "GET /fast/:id 200": 1,
      "POST /made 201": 1,
      "GET __unmatched__ 404": 1,
      "HEAD /fast/:id 200": 1,
    });
    expect(service.spans).toHaveLength(5);
    expect(new Set(service.accessLog().map((line) => line["request_id"])).size).toBe(5);
  });

  test("pipelined requests that wait behind another end as aborted when the client hangs up", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/hang", () => undefined);
      app.get("/fast/:id", (_req, res) => void res.send("fast"));
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /hang HTTP/1.1") + head("GET /fast/1 HTTP/1.1") + head("GET /fast/2 HTTP/1.1"));
    await expect.poll(async () => value(await service.samples(), "http_requests_in_flight")).toBe(3);
    client.reset();
    expect(await service.settled(3)).toEqual({ "GET /hang 499": 1, "GET /fast/:id 499": 2 });
    expect(table(await service.samples(), "http_requests_aborted_total", ["route"])).toEqual({
      "/hang": 1,
      "/fast/:id": 2,
    });
  });

  test("an Expect: 100-continue upload and an HTTP/1.0 request are ordinary requests", async () => {
    const service = await serveExpress(express, (app) => {
      app.put("/files/:name", express.raw({ type: () => true }), (req, res) => {
        res.send(String((req.body as Buffer).length));
      });
      app.get("/old", (_req, res) => void res.send("old"));
    });
    const client = await connectRaw(service.port);
    client.send(head("PUT /files/a HTTP/1.1", { Host: "x", "Content-Length": "3", Expect: "100-continue" }));
    await client.until("100 Continue");
    client.send("abc");
    await client.until("200 OK");
    client.send(head("GET /old HTTP/1.0", {}));
    await client.closed();
    expect(await service.settled(2)).toEqual({ "PUT /files/:name 200": 1, "GET /old 200": 1 });
  });
});
