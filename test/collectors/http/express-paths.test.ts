import type { Request, Response, Router } from "express";
import { describe, expect, test } from "vitest";
import { EXPRESSES, listenExpress, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { observe } from "../../support/service.js";

const ok = (_req: Request, res: Response): void => void res.send("ok");

describe.each(EXPRESSES)("the route of a path in %s", (version, express) => {
  test("takes no notice of trailing slashes, case, encoding and queries", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", ok);
      router.get("/", ok);
      app.use("/api/:tenant/", router);
    });
    const ids = ["1", "1/", "%C3%A9", "a%2Fb", "1?x=/users/2", "1?x=?y"];
    await service.askAll(ids.map((id) => `/api/t/users/${id}`));
    await service.askAll(["/API/t/USERS/1", "/api/%C3%A9/users/1", "/api/t/", "/api/t"]);
    expect(await service.settled(10)).toEqual({
      "GET /api/:tenant/users/:id 200": 8,
      "GET /api/:tenant 200": 2,
    });
  });

  test("is found under strict and case-sensitive routing", async () => {
    const observed = observe();
    const app = express().enable("strict routing").enable("case sensitive routing");
    app.use(observed.obs.express());
    const router = express.Router({ strict: true, caseSensitive: true });
    router.get("/Users/:id", ok);
    router.get("/Strict/:id/", ok);
    app.use("/Api", router);
    app.get("/Top/", ok);
    const service = await listenExpress(app, observed);
    const found = ["/Api/Users/1", "/Api/Strict/1/", "/Top/"];
    expect(await service.askAll(found)).toEqual([200, 200, 200]);
    expect(await service.askAll(["/Api/Users/1/", "/api/Users/1", "/Top"])).toEqual([404, 404, 404]);
    expect(await service.settled(6)).toEqual({
      "GET /Api/Users/:id 200": 1,
      "GET /Api/Strict/:id 200": 1,
      "GET /Top 200": 1,
      "GET __unmatched__ 404": 3,
    });
  });

  test("is that of a strict root route where a guard answers on its mount without a slash", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router({ strict: true });
      router.use((_req, res) => void res.sendStatus(401));
      router.get("/:id", ok);
      router.get("/", ok);
      const outer = express.Router();
      outer.use("/inner", router);
      app.use("/api/:tenant", outer);
    });
    await service.askAll(["/api/a/inner", "/api/a/inner/", "/api/a/inner/1"]);
    expect(await service.settled(3)).toEqual({
      "GET /api/:tenant/inner 401": 2,
      "GET /api/:tenant/inner/:id 401": 1,
    });
  });

  test("is found for absolute and doubled-slash targets", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", ok);
      app.use("/api/:tenant", router);
    });
    const client = await connectRaw(service.port);
    client.send(head("GET http://example.com/api/t/users/1?x=1 HTTP/1.1"));
    await client.until("200 OK");
    client.send(head("GET //api/t/users/2 HTTP/1.1"));
    await client.until("404 Not Found");
    expect(await service.settled(2)).toEqual({
      "GET /api/:tenant/users/:id 200": 1,
      "GET __unmatched__ 404": 1,
    });
  });

  test("survives a rewritten URL", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.use((req, _res, next) => {
        req.url = req.url.replace(/^\/old/, "/new");
        next();
      });
      router.get("/new/:id", ok);
      app.use("/api", router);
    });
    await service.askAll(["/api/old/1", "/api/new/2"]);
    expect(await service.settled(2)).toEqual({ "GET /api/new/:id 200": 2 });
  });

  test("knows optional and wildcard parts", async () => {
    const isNew = version === "Express 5";
    const [optional, wild] = isNew ? ["/opt{/:id}", "/wild/*rest"] : ["/opt/:id?", "/wild/*"];
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/leaf", ok);
      app.get(optional, ok);
      app.get(wild, ok);
      app.use(isNew ? "/in{/:lang}/docs" : "/in/:lang?/docs", router as Router);
    });
    await service.askAll(["/opt", "/opt/1", "/wild/a/b/c", "/in/docs/leaf", "/in/de/docs/leaf"]);
    const counts = await service.settled(5);
    expect(counts).toMatchObject({ [`GET ${optional} 200`]: 2, [`GET ${wild} 200`]: 1 });
    expect(counts).toMatchObject(
      isNew
        ? { "GET /in{/:lang}/docs/leaf 200": 2 }
        : { "GET /in/docs/leaf 200": 1, "GET /in/:lang/docs/leaf 200": 1 },
    );
  });
});
