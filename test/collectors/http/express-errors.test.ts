import { SpanStatusCode } from "@opentelemetry/api";
import express5, { type NextFunction, type Request, type Response } from "express";
import { describe, expect, test } from "vitest";
import { table, value } from "../../support/exposition.js";
import { EXPRESSES, type ExpressModule, listenExpress, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { observe } from "../../support/service.js";

const boom = (): never => {
  throw new Error("boom");
};
const passed = (_req: Request, _res: Response, next: NextFunction): void => next(new Error("passed"));

/** Answers an error as a service would. */
function answer(_error: Error, _req: Request, res: Response, _next: NextFunction): void {
  res.status(503).send("sorry");
}

/** A router under `/api/:tenant` whose routes and mounts fail in every way. */
function failing(express: ExpressModule) {
  const inner = express.Router({ mergeParams: true });
  inner.get("/thrown/:id", boom);
  inner.get("/passed/:id", passed);
  inner.get("/late/:id", (_req, _res, next) => void setTimeout(() => next(new Error("late")), 2));
  inner.use("/guard/:key", passed);
  inner.get("/guard/:key/leaf", boom);
  const outer = express.Router();
  outer.use("/inner", inner);
  outer.use("/locked", boom);
  return outer;
}

const PATHS = ["inner/thrown/1", "inner/passed/1", "inner/late/1", "inner/guard/k/leaf", "locked/any/thing"];
const ROUTES = [
  "/inner/thrown/:id",
  "/inner/passed/:id",
  "/inner/late/:id",
  "/inner/guard/:key/leaf",
  "/locked",
] as const;

describe.each(EXPRESSES)("an error in %s", (_, express) => {
  test("keeps the template of its route, or of the route that its guard kept the request from, where Express answers", async () => {
    const service = await serveExpress(express, (app) => void app.use("/api/:tenant", failing(express)));
    expect(await service.askAll(PATHS.map((path) => `/api/a/${path}`))).toEqual(Array(5).fill(500));
    expect(await service.settled(5)).toEqual(
      Object.fromEntries(ROUTES.map((route) => [`GET /api/:tenant${route} 500`, 1])),
    );
    expect(service.accessLog().map(({ outcome, level, status }) => [outcome, level, status])).toEqual(
      Array(5).fill(["error", "error", 500]),
    );
    expect(service.spans.map(({ status }) => status.code)).toEqual(Array(5).fill(SpanStatusCode.ERROR));
    expect(service.spans.map(({ attributes }) => attributes["error.type"])).toEqual(Array(5).fill("500"));
  });

  test("keeps it where the service's own error handler answers, at the root or in the router", async () => {
    const service = await serveExpress(express, (app) => {
      const router = failing(express);
      router.use(answer);
      app.use("/own/:tenant", router);
      app.use("/api/:tenant", failing(express));
      app.use(answer);
    });
    expect(await service.askAll(PATHS.map((path) => `/api/a/${path}`))).toEqual(Array(5).fill(503));
    expect(await service.askAll(PATHS.map((path) => `/own/a/${path}`))).toEqual(Array(5).fill(503));
    const counts = await service.settled(10);
    for (const route of ROUTES)
      expect(counts).toMatchObject({
        [`GET /api/:tenant${route} 503`]: 1,
        [`GET /own/:tenant${route} 503`]: 1,
      });
  });

  test("keeps it in sub-apps, mounted by an app or by a router, whoever answers", async () => {
    const service = await serveExpress(express, (app) => {
      const quiet = express();
      quiet.use("/deep", failing(express));
      quiet.get("/own/:id", boom);
      quiet.get("/fine", (_req, res) => void res.send("ok"));
      const answering = express();
      answering.use("/deep", failing(express));
      answering.get("/own/:id", boom);
      answering.use(answer);
      const routed = express();
      routed.get("/own/:id", boom);
      routed.use("/guard", boom);
      const router = express.Router();
      router.use("/routed", routed);
      app.use("/quiet/:x", quiet);
      app.use("/answering/:x", answering);
      app.use("/router/:y", router);
    });
    const paths = ["deep/inner/thrown/1", "deep/inner/guard/k/leaf", "deep/locked", "own/1"];
    // A sub-app hides in a closure until a request has ended in it.
    await service.ask("/quiet/1/fine");
    await service.askAll(paths.map((path) => `/quiet/1/${path}`));
    await service.askAll(paths.map((path) => `/answering/1/${path}`));
    await service.askAll(["/router/1/routed/own/1", "/router/1/routed/guard/x"]);
    expect(await service.settled(11)).toEqual({
      "GET /quiet/:x/fine 200": 1,
      "GET /quiet/:x/deep/inner/thrown/:id 500": 1,
      "GET /quiet/:x/deep/inner/guard/:key/leaf 500": 1,
      "GET /quiet/:x/deep/locked 500": 1,
      "GET /quiet/:x/own/:id 500": 1,
      "GET /answering/:x/deep/inner/thrown/:id 503": 1,
      "GET /answering/:x/deep/inner/guard/:key/leaf 503": 1,
      "GET /answering/:x/deep/locked 503": 1,
      "GET /answering/:x/own/:id 503": 1,
      "GET /router/:y/routed/own/:id 500": 1,
      "GET /router/:y/routed/guard 500": 1,
    });
  });

  test("in a sub-app where no request has ended well yet is told by the sub-app's mount and the route", async () => {
    const service = await serveExpress(express, (app) => {
      const quiet = express();
      quiet.use("/deep", failing(express));
      quiet.get("/own/:id", boom);
      app.use("/quiet/:x", quiet);
    });
    await service.askAll(["own/1", "deep/inner/thrown/1", "deep/locked"].map((path) => `/quiet/1/${path}`));
    expect(await service.settled(3)).toEqual({
      "GET /quiet/:x/own/:id 500": 1,
      "GET /quiet/:x/thrown/:id 500": 1,
      "GET /quiet/:x 500": 1,
    });
  });

  test("keeps it through obs.instrument(app) too", async () => {
    const observed = observe();
    const app = express();
    observed.obs.instrument(app);
    app.use("/api/:tenant", failing(express));
    const service = await listenExpress(app, observed);
    await service.askAll(PATHS.map((path) => `/api/a/${path}`));
    expect(await service.settled(5)).toEqual(
      Object.fromEntries(ROUTES.map((route) => [`GET /api/:tenant${route} 500`, 1])),
    );
  });

  test("of router.param() keeps the route, with the status the error carries", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.param("id", (_req, _res, next) => next(Object.assign(new Error("no"), { status: 422 })));
      router.get("/users/:id", boom);
      app.use("/api/:tenant", router);
    });
    await service.ask("/api/a/users/1");
    expect(await service.settled(1)).toEqual({ "GET /api/:tenant/users/:id 422": 1 });
    expect(service.accessLog()[0]).toMatchObject({ outcome: "ok", level: "info" });
  });

  test("after the headers cuts the answer: 500 and error, not aborted", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/half/:id", (_req, res) => {
        res.status(200).write("half");
        boom();
      });
    });
    await expect(service.ask("/half/1")).rejects.toThrow();
    expect(await service.settled(1)).toEqual({ "GET /half/:id 500": 1 });
    const samples = await service.samples();
    expect(table(samples, "http_requests_aborted_total", ["route"])).toEqual({});
    expect(value(samples, "http_time_to_headers_seconds_count")).toBe(1);
    expect(service.accessLog()[0]).toMatchObject({ outcome: "error", status: 500, level: "error" });
    expect(service.spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  test("while decoding a malformed path is one 400 for all, and the process goes on", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", (_req, res) => void res.send("ok"));
      app.get("/:one", (_req, res) => void res.send("ok"));
      app.use("/api/:tenant", router);
    });
    const client = await connectRaw(service.port);
    const bad = ["/%zz", "/api/%zz/users/1", "/api/a/users/%", "/api/%E0%A4/users/%E0%A4"];
    client.send(bad.map((path) => head(`GET ${path} HTTP/1.1`)).join(""));
    await expect.poll(() => client.received().split("400 Bad Request").length).toBe(5);
    expect(await service.settled(4)).toEqual({ "GET __unmatched__ 400": 3, "GET /api/:tenant 400": 1 });
    expect((await service.ask("/fine")).status).toBe(200);
  });
});

describe("an error in Express 5", () => {
  test("that is a rejected promise is counted like one thrown", async () => {
    const service = await serveExpress(express5, (app) => {
      const router = express5.Router();
      router.get("/rejected/:id", async () => {
        await Promise.resolve();
        boom();
      });
      router.use("/guard", () => Promise.reject(new Error("no")));
      app.use("/api/:tenant", router);
    });
    await service.askAll(["/api/a/rejected/1", "/api/a/guard/x"]);
    expect(await service.settled(2)).toEqual({
      "GET /api/:tenant/rejected/:id 500": 1,
      "GET /api/:tenant/guard 500": 1,
    });
  });
});
