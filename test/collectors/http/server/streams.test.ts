import type { Response } from "express";
import { describe, expect, test } from "vitest";
import { find, type Sample, table, value } from "../../../support/exposition.js";
import { EXPRESSES, type ExpressModule, serveExpress } from "../../../support/express.js";
import { connectRaw, head } from "../../../support/raw-client.js";
import { observe } from "../../../support/service.js";

/** The counts of the four families that tell a stream from an ordinary answer. */
function counts(samples: readonly Sample[]) {
  return {
    active: value(samples, "http_response_streams_active"),
    streamed: value(samples, "http_response_stream_duration_seconds_count"),
    timed: value(samples, "http_request_duration_seconds_count"),
    headers: value(samples, "http_time_to_headers_seconds_count"),
  };
}

describe.each(EXPRESSES)("a stream in %s", (_, express) => {
  test.each<[string, (res: Response) => unknown]>([
    ["setHeader() and write()", (res) => res.set("content-type", "text/event-stream").write("data: 1\n\n")],
    ["writeHead()", (res) => writeAfterHead(res, { "Content-Type": "text/event-stream; charset=utf-8" })],
    [
      "writeHead() with a reason",
      (res) => res.writeHead(200, "Fine", { "content-type": "application/x-ndjson" }).write("1"),
    ],
    ["flushHeaders()", (res) => flushed(res)],
  ])("that its headers announce (%s) is out of the latency and in the streams", async (_how, open) => {
    const responses: Response[] = [];
    const service = await serveExpress(express, (app) => {
      app.get("/events/:topic", (_req, res) => {
        open(res);
        responses.push(res);
      });
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /events/a HTTP/1.1"));
    await client.until("200");
    expect(table(await service.samples(), "http_response_streams_active", ["method", "route"])).toEqual({
      "GET /events/:topic": 1,
    });
    expect(value(await service.samples(), "http_requests_in_flight")).toBe(1);
    responses[0]?.end();
    expect(await service.settled(1)).toEqual({ "GET /events/:topic 200": 1 });
    expect(counts(await service.samples())).toEqual({ active: 0, streamed: 1, timed: undefined, headers: 1 });
    expect(service.accessLog()[0]).toMatchObject({ outcome: "ok", route: "/events/:topic" });
  });

  test("is announced by writeHead() alone where no other header was set before", async () => {
    const service = await serveExpress(
      express,
      (app) => {
        app.disable("x-powered-by");
        app.get("/events", (_req, res) => {
          for (const name of res.getHeaderNames()) res.removeHeader(name);
          res.writeHead(200, ["Content-Type", "text/event-stream"]).end("data: 1\n\n");
        });
      },
      observe({ http: { requestIdHeader: "" } }),
    );
    expect((await service.ask("/events")).headers["content-type"]).toBe("text/event-stream");
    await service.settled(1);
    expect(counts(await service.samples())).toEqual({ active: 0, streamed: 1, timed: undefined, headers: 1 });
  });

  test("whose client leaves is closed once: 499, no stream left open", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/events", (_req, res) => void res.type("text/event-stream").write("data: 1\n\n"));
    });
    const clients = await Promise.all([1, 2, 3].map(() => connectRaw(service.port)));
    for (const client of clients) {
      client.send(head("GET /events HTTP/1.1"));
      await client.until("data: 1");
    }
    expect(counts(await service.samples()).active).toBe(3);
    clients[0]?.leave();
    clients[1]?.reset();
    clients[2]?.socket.destroy();
    expect(await service.settled(3)).toEqual({ "GET /events 499": 3 });
    const samples = await service.samples();
    expect(counts(samples)).toEqual({ active: 0, streamed: 3, timed: undefined, headers: 3 });
    expect(table(samples, "http_requests_aborted_total", ["phase"])).toEqual({ after_headers: 3 });
    // That is how streams end: no warning.
    expect(service.accessLog().map(({ level, outcome }) => [level, outcome])).toEqual(
      Array(3).fill(["info", "aborted"]),
    );
  });

  test("is a body without a length that stays open longer than http.streamAfterMs", async () => {
    const service = await serveLate(express, { streamAfterMs: 100 });
    await service.askAll(["/late/chunked", "/late/length", "/late/before"]);
    expect(await service.settled(3)).toEqual({ "GET /late/:how 200": 3 });
    expect(counts(await service.samples())).toEqual({ active: undefined, streamed: 1, timed: 2, headers: 3 });
  });

  test("is not a slow body under the default of ten seconds", async () => {
    const service = await serveLate(express, {});
    await service.ask("/late/chunked");
    await service.settled(1);
    expect(counts(await service.samples())).toEqual({
      active: undefined,
      streamed: undefined,
      timed: 1,
      headers: 1,
    });
  });

  test.each(["text/html", "application/json", "application/octet-stream"])(
    "is not what calls itself %s",
    async (type) => {
      const service = await serveExpress(express, (app) => {
        app.get("/", (_req, res) => {
          res.setHeader("content-type", type);
          res.end("[]");
        });
      });
      await service.ask("/");
      await service.settled(1);
      const { streamed, timed } = counts(await service.samples());
      expect([streamed, timed]).toEqual([undefined, 1]);
    },
  );

  test("lasts to its end, which is after its headers, in buckets that go up to half a day", async () => {
    const responses: Response[] = [];
    const service = await serveExpress(express, (app) => {
      app.get("/events", (_req, res) => {
        res.type("text/event-stream").write("data: 1\n\n");
        responses.push(res);
      });
    });
    const pending = service.ask("/events");
    await expect.poll(() => responses.length).toBe(1);
    responses[0]?.end();
    await pending;
    await service.settled(1);
    const samples = await service.samples();
    expect(value(samples, "http_response_stream_duration_seconds_sum")).toBeGreaterThan(
      value(samples, "http_time_to_headers_seconds_sum") ?? 0,
    );
    expect(find(samples, "http_response_stream_duration_seconds_bucket").at(-2)?.labels["le"]).toBe("43200");
  });
});

function writeAfterHead(res: Response, headers: Record<string, string>): void {
  res.writeHead(200, headers);
  res.write("data: 1\n\n");
}

function flushed(res: Response): void {
  res.set("content-type", "text/event-stream");
  res.flushHeaders();
}

/** A service whose answers take 200 ms, in one way or another. */
function serveLate(express: ExpressModule, http: { streamAfterMs?: number }) {
  return serveExpress(
    express,
    (app) => {
      app.get("/late/:how", (req, res) => {
        if (req.params["how"] === "length") res.set("content-length", "8");
        if (req.params["how"] !== "before") res.write("half");
        setTimeout(() => res.end("half"), 200);
      });
    },
    observe({ http }),
  );
}
