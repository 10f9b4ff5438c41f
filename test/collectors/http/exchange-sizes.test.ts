import { createGzip, gunzipSync, gzipSync } from "node:zlib";
import type { NextFunction, Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { find, type Sample, value } from "../../support/exposition.js";
import { EXPRESSES, type ExpressService, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";

/** The bytes that were recorded for one route, from client and to it. */
function sizes(samples: readonly Sample[], route: string): [number | undefined, number | undefined] {
  return [
    value(samples, "http_request_size_bytes_sum", { route }),
    value(samples, "http_response_size_bytes_sum", { route }),
  ];
}

async function sizesOf(service: ExpressService, count: number, route: string) {
  await service.settled(count);
  return sizes(await service.samples(), route);
}

/** Compresses as the usual middleware does: by taking `write` and `end` over. */
function gzip(_req: Request, res: Response, next: NextFunction): void {
  const { write, end } = res;
  const stream = createGzip();
  stream.on("data", (chunk: Buffer) => void write.call(res, chunk, "binary"));
  stream.on("end", () => void end.call(res, undefined, "binary"));
  res.setHeader("content-encoding", "gzip");
  res.write = ((chunk: Buffer) => stream.write(chunk)) as typeof res.write;
  res.end = ((chunk?: Buffer) => {
    res.removeHeader("content-length");
    stream.end(chunk);
    return res;
  }) as typeof res.end;
  next();
}

describe.each(EXPRESSES)("the sizes recorded in %s", (_, express) => {
  test.each([
    ["a string", (res: Response) => res.end("é€😀"), 9],
    ["a string in latin1", (res: Response) => res.end("é", "latin1"), 1],
    ["a string in hex", (res: Response) => res.end("c3a9", "hex"), 2],
    ["a string in base64", (res: Response) => res.end("w6k=", "base64"), 2],
    ["a Buffer", (res: Response) => res.end(Buffer.from("é")), 2],
    ["a Uint8Array", (res: Response) => res.end(new Uint8Array(5)), 5],
    ["res.send()", (res: Response) => res.send("é"), 2],
    ["res.json()", (res: Response) => res.json({ a: 1 }), 7],
    ["nothing", (res: Response) => res.end(), 0],
    ["a callback alone", (res: Response) => res.end(() => undefined), 0],
    ["chunks with callbacks", (res: Response) => chunks(res), 12],
    ["res.write() of an empty string", (res: Response) => res.write("") && res.end("x"), 1],
  ])("are those of a response of %s", async (_what, send, bytes) => {
    const service = await serveExpress(express, (app) => void app.get("/", (_req, res) => void send(res)));
    const answer = await service.ask("/");
    expect(answer.body).toHaveLength(bytes);
    expect(await sizesOf(service, 1, "/")).toEqual([0, bytes]);
    expect(service.accessLog()[0]).toMatchObject({ request_bytes: 0, response_bytes: bytes });
  });

  test("are those of a file and of a stream", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/file", (_req, res) => res.sendFile(import.meta.filename));
      app.get("/range", (_req, res) => res.sendFile(import.meta.filename));
    });
    const whole = (await service.ask("/file")).body.length;
    const part = await service.ask("/range", { headers: { range: "bytes=10-19" } });
    expect([part.status, part.body.length]).toEqual([206, 10]);
    expect(await sizesOf(service, 2, "/file")).toEqual([0, whole]);
    expect(await sizesOf(service, 2, "/range")).toEqual([0, 10]);
  });

  test("are the compressed bytes where a middleware compresses after obs.express()", async () => {
    const text = "compressible ".repeat(1000);
    const service = await serveExpress(express, (app) => {
      app.use(gzip);
      app.get("/", (_req, res) => void res.send(text));
    });
    const answer = await service.ask("/");
    expect(gunzipSync(answer.body).toString()).toBe(text);
    expect(answer.body.length).toBeLessThan(500);
    expect(await sizesOf(service, 1, "/")).toEqual([0, answer.body.length]);
  });

  test("are zero for HEAD, 204 and 304, whatever the handler gave", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/head", (_req, res) => void res.end("a body"));
      app.get("/none", (_req, res) => void res.status(204).end("a body"));
      app.get("/same", (_req, res) => void res.set("etag", '"x"').send("a body"));
    });
    await service.ask("/head", { method: "HEAD" });
    await service.ask("/none");
    const same = await service.ask("/same", { headers: { "if-none-match": '"x"' } });
    expect(same.status).toBe(304);
    await service.settled(3);
    const samples = await service.samples();
    expect(["/head", "/none", "/same"].map((route) => sizes(samples, route)[1])).toEqual([0, 0, 0]);
    expect(value(samples, "http_response_size_bytes_count")).toBe(3);
  });

  test.each([
    ["with a length", (body: Buffer) => ({ "content-length": String(body.length) })],
    ["in chunks", () => ({ "transfer-encoding": "chunked" })],
  ])("are those of a request body %s, as it came", async (_how, headers) => {
    const service = await serveExpress(express, (app) => {
      app.post("/read", express.text({ type: () => true }), (req, res) => void res.send(req.body));
      app.post("/ignored", (_req, res) => void res.send("ignored"));
    });
    const body = Buffer.from("é".repeat(50));
    for (const path of ["/read", "/ignored"])
      await service.ask(path, { method: "POST", headers: headers(body), body });
    expect(await sizesOf(service, 2, "/read")).toEqual([100, 100]);
    expect(await sizesOf(service, 2, "/ignored")).toEqual([100, 7]);
  });

  test("are the compressed bytes of a compressed request", async () => {
    const service = await serveExpress(express, (app) => {
      app.post("/", express.json(), (req, res) => void res.json(req.body));
    });
    const body = gzipSync(JSON.stringify({ text: "x".repeat(5000) }));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const answer = await service.ask("/", { method: "POST", headers, body });
    expect(await sizesOf(service, 1, "/")).toEqual([body.length, answer.body.length]);
  });

  test("count what was sent of a chunked body, and nothing of what came after end()", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/", (_req, res) => {
        res.on("error", () => undefined);
        res.write("12345");
        res.end("678");
        res.write("too late");
        res.end("too late");
      });
    });
    expect((await service.ask("/")).text).toBe("12345678");
    expect(await sizesOf(service, 1, "/")).toEqual([0, 8]);
  });

  test("fall into the buckets of http.sizeBuckets", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/", (_req, res) => void res.end("x".repeat(150)));
    });
    await service.ask("/");
    await service.settled(1);
    const buckets = find(await service.samples(), "http_response_size_bytes_bucket");
    expect(buckets.map(({ labels, value: count }) => [labels["le"], count]).slice(0, 3)).toEqual([
      ["100", 0],
      ["1000", 1],
      ["10000", 1],
    ]);
  });

  test("do not count the head of a pipelined neighbour", async () => {
    const service = await serveExpress(express, (app) => {
      app.post("/one", (_req, res) => void res.end("1"));
      app.get("/two", (_req, res) => void res.end("22"));
    });
    const client = await connectRaw(service.port);
    client.send(
      `${head("POST /one HTTP/1.1", { Host: "x", "Content-Length": "3" })}abc${head("GET /two HTTP/1.1")}`,
    );
    await client.until("22");
    expect(await sizesOf(service, 2, "/one")).toEqual([3, 1]);
    expect(await sizesOf(service, 2, "/two")).toEqual([0, 2]);
  });
});

function chunks(res: Response): void {
  res.write("four", () => res.write(Buffer.from("more"), () => res.end("last", () => undefined)));
}
