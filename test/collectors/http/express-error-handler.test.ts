import type { NextFunction, Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { EXPRESSES, type ExpressModule, serveExpress } from "../../support/express.js";

/** A service whose routes fail, with `expressErrors()` before its own error handler. */
const serve = (express: ExpressModule) =>
  serveExpress(express, (app, { obs }) => {
    app.get("/thrown", () => {
      throw new TypeError("boom");
    });
    app.get("/passed", (_req, _res, next) => next(new RangeError("passed")));
    app.get("/bad", (_req, _res, next) => next(Object.assign(new Error("bad input"), { status: 400 })));
    app.get("/text", (_req, _res, next) => next("just text"));
    app.use(obs.expressErrors());
    app.use(
      (error: { status?: number; message?: string }, _req: Request, res: Response, _next: NextFunction) =>
        res.status(error.status ?? 500).send(error.message ?? String(error)),
    );
  });

describe.each(EXPRESSES)("obs.expressErrors() in %s", (_, express) => {
  test("puts what was thrown or passed on the span and in the access log, and passes it on", async () => {
    const service = await serve(express);
    expect((await service.ask("/thrown")).text).toBe("boom");
    expect((await service.ask("/passed")).text).toBe("passed");
    await service.settled(2);
    expect(
      service.spans.map(({ attributes, events }) => [attributes["error.type"], events[0]?.name]),
    ).toEqual([
      ["TypeError", "exception"],
      ["RangeError", "exception"],
    ]);
    expect(service.accessLog().map(({ err }) => (err as { message: string }).message)).toEqual([
      "boom",
      "passed",
    ]);
  });

  test("adds nothing where the error became an answer below 500", async () => {
    const service = await serve(express);
    expect((await service.ask("/bad")).status).toBe(400);
    await service.settled(1);
    expect(service.spans[0]?.events).toEqual([]);
    expect(service.accessLog()[0]).not.toHaveProperty("err");
  });

  test("takes what is no Error as it is", async () => {
    const service = await serve(express);
    expect((await service.ask("/text")).text).toBe("just text");
    await service.settled(1);
    expect(service.spans[0]?.attributes["error.type"]).toBe("500");
    expect(service.accessLog()[0]).toMatchObject({ err: "just text", status: 500 });
  });
});
