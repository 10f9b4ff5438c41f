import { once } from "node:events";
import type { Socket } from "node:net";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import express5, { type NextFunction, type Request, type Response } from "express";
import { describe, expect, test } from "vitest";
import { contexts } from "../../../src/tracing/context.js";
import { value } from "../../support/exposition.js";
import { EXPRESSES, listenExpress, serveExpress } from "../../support/express.js";
import { connectRaw } from "../../support/raw-client.js";
import { observe } from "../../support/service.js";

const QUIET = { logging: { level: "silent" }, tracing: false } as const;
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

describe.each(EXPRESSES)("the responses of %s", (_, express) => {
  test("are watched through their prototype and get no methods of their own", async () => {
    const own: boolean[] = [];
    const service = await serveExpress(express, (app) => {
      app.get("/", (_req, res) => {
        own.push(...["write", "end", "writeHead"].map((name) => Object.hasOwn(res, name)));
        res.send("body");
      });
    });
    await service.askAll(["/", "/"]);
    await service.settled(2);
    expect(own).toEqual(Array(6).fill(false));
    expect(value(await service.samples(), "http_response_size_bytes_sum")).toBe(8);
    expect(value(await service.samples(), "http_time_to_headers_seconds_count")).toBe(2);
  });

  test("of an app that is called by hand are told by their headers once, then watched", async () => {
    const called = express();
    called.get("/length", (_req, res) => res.send("12345"));
    called.get("/chunked", (_req, res) => {
      res.write("123");
      res.end("4567");
    });
    const service = await serveExpress(express, (app) => {
      app.use((req: Request, res: Response, next: NextFunction) => called(req, res, next));
    });
    await service.askAll(["/length", "/length", "/chunked"]);
    await service.settled(3);
    const samples = await service.samples();
    expect(value(samples, "http_response_size_bytes_sum", { route: "/length" })).toBe(10);
    expect(value(samples, "http_response_size_bytes_sum", { route: "/chunked" })).toBe(7);
    expect(value(samples, "http_time_to_headers_seconds_count", { route: "/length" })).toBe(2);
  });

  test("of a sub-app and of what comes after it are counted alike", async () => {
    const sub = express();
    sub.get("/own", (_req, res) => res.send("123"));
    const service = await serveExpress(express, (app) => {
      app.use("/sub", sub);
      app.get("/sub/after", (_req, res) => res.send("12345"));
    });
    await service.askAll(["/sub/own", "/sub/after"]);
    await service.settled(2);
    expect(value(await service.samples(), "http_response_size_bytes_sum", { route: "/sub/own" })).toBe(3);
    expect(value(await service.samples(), "http_response_size_bytes_sum", { route: "/sub/after" })).toBe(5);
  });

  test("are counted once when a listener of node:http within the app is observed as well", async () => {
    const service = await serveExpress(express, (app, { obs }) => {
      app.get("/a", (_req, res) => res.send("123"));
      app.get("/b", obs.http((_req, res) => void res.end("12345")) as never);
    });
    await service.askAll(["/a", "/b", "/b"]);
    await service.settled(3);
    expect(value(await service.samples(), "http_response_size_bytes_sum", { route: "/b" })).toBe(10);
  });

  test("are counted once by a listener of node:http in front of which there is nothing", async () => {
    const observed = observe();
    const app = express();
    app.get("/a", observed.obs.express(), (_req: Request, res: Response) => void res.send("123"));
    const listener = observed.obs.http(
      (_req, res) => {
        res.write("123");
        res.end("45");
      },
      { route: () => "/b" },
    );
    app.get("/b", listener as never);
    const service = await listenExpress(app, observed);
    await service.askAll(["/a", "/b"]);
    await service.settled(2);
    expect(value(await service.samples(), "http_response_size_bytes_sum", { route: "/b" })).toBe(5);
  });

  test("are told apart on a connection that sends its requests at once", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/slow", (_req, res) => void setTimeout(() => res.write("12") && res.end("3"), 20));
      app.get("/quick", (_req, res) => void res.send("12345"));
    });
    const client = await connectRaw(service.port);
    client.send(["/slow", "/quick"].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
    await service.settled(2);
    const samples = await service.samples();
    expect(value(samples, "http_response_size_bytes_sum", { route: "/slow" })).toBe(3);
    expect(value(samples, "http_response_size_bytes_sum", { route: "/quick" })).toBe(5);
    expect(value(samples, "http_time_to_headers_seconds_count", { route: "/slow" })).toBe(1);
  });

  test("keep nothing on a connection that waits for its next request", async () => {
    const sockets: Socket[] = [];
    const service = await serveExpress(express, (app) => {
      app.get("/", (req, res) => {
        sockets.push(req.socket);
        res.send("body");
      });
    });
    const client = await connectRaw(service.port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await service.settled(1);
    const [socket] = sockets;
    const kept = Object.getOwnPropertySymbols(socket).filter((key) => String(key).includes("telltale"));
    expect(kept).toHaveLength(1);
    expect(kept.map((key) => Reflect.get(socket as object, key))).toEqual([undefined]);
  });

  test("whose client had left before they were first seen are not counted", async () => {
    const observed = observe();
    const app = express();
    const arrived: Response[] = [];
    app.use((_req: Request, res: Response, next: NextFunction) => {
      arrived.push(res);
      res.once("close", () => setImmediate(next));
    });
    app.use(observed.obs.express());
    app.use((_req: Request, res: Response) => void res.end());
    const service = await listenExpress(app, observed);
    const client = await connectRaw(service.port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => arrived.length).toBe(1);
    const closed = once(arrived[0] as Response, "close");
    client.reset();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await service.settled(0)).toEqual({});
  });
});

describe("the context of a request", () => {
  const seenWith = async (options: object, headers: Record<string, string> = {}) => {
    const seen: unknown[] = [];
    const service = await serveExpress(
      express5,
      (app) =>
        app.get("/", (_req, res) => {
          seen.push(contexts.active());
          res.send("body");
        }),
      observe(options),
    );
    const answer = await service.ask("/", { headers });
    await service.settled(1);
    return { context: seen[0], answer };
  };

  test("is not made where nothing reads it", async () => {
    expect((await seenWith(QUIET)).context).toBe(ROOT_CONTEXT);
  });

  test("leaves the request id in the answer all the same", async () => {
    const { answer } = await seenWith(QUIET, { "x-request-id": "abc" });
    expect(answer.headers["x-request-id"]).toBe("abc");
  });

  test("is made for log lines without tracing", async () => {
    const logging = { level: "info", destination: { write: () => undefined } };
    const { context } = await seenWith({ tracing: false, logging }, { "x-request-id": "abc" });
    expect(context).toMatchObject({ requestId: "abc" });
  });

  test("carries a caller's ids on without tracing and without a log", async () => {
    const { context } = await seenWith(QUIET, { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` });
    expect(trace.getSpanContext(context as typeof ROOT_CONTEXT)?.traceId).toBe(TRACE_ID);
  });
});
