import type { Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { EXPRESSES, listenExpress, serveExpress } from "../../support/express.js";
import { observe } from "../../support/service.js";

const ok = (_req: Request, res: Response): void => void res.send("ok");

describe.each(EXPRESSES)("the route of a request in %s", (_, express) => {
  test("is the template with every mount of the routers around it", async () => {
    const service = await serveExpress(express, (app) => {
      const users = express.Router({ mergeParams: true });
      users.get("/", ok);
      users.get("/:id", ok);
      const api = express.Router();
      api.use("/users", users);
      api.get("/list", ok);
      app.get("/", ok);
      app.get("/items/:id/parts/:part", ok);
      app.use("/api/:tenant", api);
    });
    const paths = ["/", "/?a=b", "/items/1/parts/2", "/api/a/list?q=1", "/api/b/users", "/api/a/users/7"];
    expect(await service.askAll([...paths, "/api/b/users/8"])).toEqual(Array(7).fill(200));
    expect(await service.settled(7)).toEqual({
      "GET / 200": 2,
      "GET /items/:id/parts/:part 200": 1,
      "GET /api/:tenant/list 200": 1,
      "GET /api/:tenant/users 200": 1,
      "GET /api/:tenant/users/:id 200": 2,
    });
    expect(service.accessLog().map(({ route }) => route)).toEqual([
      "/",
      "/",
      "/items/:id/parts/:part",
      "/api/:tenant/list",
      "/api/:tenant/users",
      "/api/:tenant/users/:id",
      "/api/:tenant/users/:id",
    ]);
    expect(service.spans.map(({ name }) => name)).toContain("GET /api/:tenant/users/:id");
  });

  test("is made of the templates alone where a parameter's value equals a literal or another parameter's", async () => {
    const service = await serveExpress(express, (app) => {
      const users = express.Router({ mergeParams: true });
      users.get("/users/:id", ok);
      app.use("/api/:tenant/users/:owner", users);
    });
    await service.askAll(["/api/users/users/users/users/users", "/api/api/users/api/users/api"]);
    expect(await service.settled(2)).toEqual({ "GET /api/:tenant/users/:owner/users/:id 200": 2 });
  });

  test("is joined across sub-apps, whether an app or a router mounts them", async () => {
    const service = await serveExpress(express, (app) => {
      const inner = express();
      inner.get("/leaf/:id", ok);
      const admin = express();
      admin.get("/", ok);
      admin.get("/users/:id", ok);
      admin.use("/deep/:level", inner);
      const routed = express();
      routed.get("/users/:id", ok);
      const router = express.Router();
      router.use("/app/:name", routed);
      app.use("/admin/:realm", admin);
      app.use("/router", router);
    });
    const paths = ["/admin/a", "/admin/a/users/1", "/admin/b/users/2", "/admin/a/deep/9/leaf/1"];
    expect(await service.askAll([...paths, "/router/app/x/users/1"])).toEqual(Array(5).fill(200));
    expect(await service.settled(5)).toEqual({
      "GET /admin/:realm 200": 1,
      "GET /admin/:realm/users/:id 200": 2,
      "GET /admin/:realm/deep/:level/leaf/:id 200": 1,
      "GET /router/app/:name/users/:id 200": 1,
    });
  });

  test("has the alternatives of an array in one label and those of mounts apart", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/:id", ok);
      app.get(["/color/:c", "/colour/:c"], ok);
      app.use(["/first", "/second/:way"], router);
    });
    await service.askAll(["/color/1", "/colour/2", "/first/1", "/second/x/1", "/first/2"]);
    expect(await service.settled(5)).toEqual({
      "GET /color/:c|/colour/:c 200": 2,
      "GET /first/:id 200": 2,
      "GET /second/:way/:id 200": 1,
    });
  });

  test("is the source of a regular expression, after the mount of its router", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get(/^\/(\d+)$/, ok);
      app.get(/^\/file\/(.+)\.png$/, ok);
      app.use("/by/:what", router);
    });
    await service.askAll(["/file/a.png", "/file/b/c.png", "/by/x/17"]);
    expect(await service.settled(3)).toEqual({
      "GET ^\\/file\\/(.+)\\.png$ 200": 2,
      "GET /by/:what/^\\/(\\d+)$ 200": 1,
    });
  });

  test("is told apart for one router mounted twice, in either order and under load of the other", async () => {
    const service = await serveExpress(express, (app) => {
      const shared = express.Router();
      shared.get("/users/:id", ok);
      const outer = express.Router();
      outer.use("/shared", shared);
      app.use("/v1", shared);
      app.use("/v2/:tenant", outer);
    });
    await service.askAll(["/v1/users/1", "/v2/a/shared/users/1", "/v1/users/2", "/v2/b/shared/users/2"]);
    expect(await service.settled(4)).toEqual({
      "GET /v1/users/:id 200": 2,
      "GET /v2/:tenant/shared/users/:id 200": 2,
    });
  });

  test("is found for routes that are added after the first request", async () => {
    const service = await serveExpress(express, (app) => void app.get("/first", ok));
    const late = express.Router();
    await service.ask("/first");
    service.app.use("/late/:x", late);
    late.get("/:id", ok);
    await service.ask("/late/a/1");
    late.get("/more/:id", ok);
    await service.ask("/late/b/more/1");
    expect(await service.settled(3)).toEqual({
      "GET /first 200": 1,
      "GET /late/:x/:id 200": 1,
      "GET /late/:x/more/:id 200": 1,
    });
  });

  test("changes with a second mount of the same router, made after it was asked for", async () => {
    const shared = express.Router();
    shared.get("/users/:id", ok);
    const service = await serveExpress(express, (app) => void app.use("/v1", shared));
    await service.askAll(["/v1/users/1", "/v1/users/2"]);
    service.app.use("/v2", shared);
    await service.askAll(["/v2/users/1", "/v1/users/3", "/v2/users/4"]);
    expect(await service.settled(5)).toEqual({ "GET /v1/users/:id 200": 3, "GET /v2/users/:id 200": 2 });
  });

  test("is told apart for two apps that share a router and the middleware", async () => {
    const observed = observe();
    const middleware = observed.obs.express();
    const shared = express.Router();
    shared.get("/users/:id", ok);
    const services = [];
    for (const mount of ["/one", "/two"]) {
      const app = express();
      app.use(middleware);
      app.use(mount, shared);
      services.push(await listenExpress(app, observed));
    }
    await services[0]?.ask("/one/users/1");
    await services[1]?.ask("/two/users/1");
    expect(await observed.settled(2)).toEqual({ "GET /one/users/:id 200": 1, "GET /two/users/:id 200": 1 });
  });

  test("is that of the route which answered, after next('route'), next('router') and next()", async () => {
    const service = await serveExpress(express, (app) => {
      const left = express.Router();
      left.get("/:id", (_req, _res, next) => next("router"));
      app.get("/skip/:a", (_req, _res, next) => next("route"), ok);
      app.get("/skip/:b", ok);
      app.get("/pass/:a", (_req, _res, next) => next());
      app.get("/pass/:b", ok);
      app.use("/left", left);
      app.get("/left/:other", ok);
    });
    await service.askAll(["/skip/1", "/pass/1", "/left/1"]);
    expect(await service.settled(3)).toEqual({
      "GET /skip/:b 200": 1,
      "GET /pass/:b 200": 1,
      "GET /left/:other 200": 1,
    });
  });

  test("is shared by app.route(), app.all() and the HEAD twin of a GET", async () => {
    const service = await serveExpress(express, (app) => {
      app.route("/many/:id").get(ok).post(ok);
      app.all("/all/:id", ok);
    });
    for (const method of ["GET", "HEAD", "POST"]) await service.ask("/many/1", { method });
    for (const method of ["PUT", "DELETE"]) await service.ask("/all/1", { method });
    expect(await service.settled(5)).toEqual({
      "GET /many/:id 200": 1,
      "HEAD /many/:id 200": 1,
      "POST /many/:id 200": 1,
      "PUT /all/:id 200": 1,
      "DELETE /all/:id 200": 1,
    });
  });

  test("is the route that fits where Express answers OPTIONS by itself", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", ok);
      router.post("/users/:id", ok);
      app.use("/api/:tenant", router);
      app.options("/own/:id", (_req, res) => void res.sendStatus(204));
    });
    const automatic = await service.ask("/api/a/users/1", { method: "OPTIONS" });
    expect([automatic.status, automatic.headers.allow]).toEqual([200, expect.stringContaining("POST")]);
    await service.ask("/own/1", { method: "OPTIONS" });
    await service.ask("/nothing/here", { method: "OPTIONS" });
    expect(await service.settled(3)).toEqual({
      "OPTIONS /api/:tenant/users/:id 200": 1,
      "OPTIONS /own/:id 204": 1,
      "OPTIONS __unmatched__ 404": 1,
    });
  });

  test("is that of the route a guard kept the request from, else of the mount that answered: a guard, a file server, a proxy", async () => {
    const service = await serveExpress(express, (app) => {
      const guarded = express.Router();
      guarded.use((_req, res) => void res.sendStatus(401));
      guarded.get("/users/:id", ok);
      app.use("/guarded/:tenant", guarded);
      app.use("/static", express.static(import.meta.dirname));
      app.use("/proxy/:target", ok);
    });
    const files = ["/static/express-routes.test.ts", "/static/index/../express-routes.test.ts"];
    await service.askAll(["/guarded/a/users/1", "/guarded/b", ...files, "/proxy/x/any/thing"]);
    expect(await service.settled(5)).toEqual({
      "GET /guarded/:tenant/users/:id 401": 1,
      "GET /guarded/:tenant 401": 1,
      "GET /static 200": 2,
      "GET /proxy/:target 200": 1,
    });
  });

  test("is the one for the method where a guard answers in front of several, HEAD as GET", async () => {
    const service = await serveExpress(express, (app) => {
      app.use((_req, res) => void res.sendStatus(429));
      app.post("/:any", ok);
      app.get("/users", ok);
      app.all("/all/:id", ok);
    });
    for (const method of ["GET", "HEAD", "POST", "DELETE"]) await service.ask("/users", { method });
    await service.ask("/all/1", { method: "PATCH" });
    expect(await service.settled(5)).toEqual({
      "GET /users 429": 1,
      "HEAD /users 429": 1,
      "POST /:any 429": 1,
      "DELETE /:any 429": 1,
      "PATCH /all/:id 429": 1,
    });
  });

  test("is one for all where a middleware without a mount answers", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/known/:id", ok);
      app.use(express.static(import.meta.dirname));
      app.use(ok);
    });
    await service.askAll(["/express-routes.test.ts", "/anything", "/any/thing/else", "/known/1"]);
    expect(await service.settled(4)).toEqual({ "GET __unmatched__ 200": 3, "GET /known/:id 200": 1 });
    expect(service.accessLog()[0]).toMatchObject({ route: null, path: "/express-routes.test.ts" });
    expect(service.spans[0]?.name).toBe("GET");
  });

  test("is the same through obs.instrument(app), before the routes are declared or after", async () => {
    for (const when of ["before", "after"]) {
      const observed = observe();
      const bare = express();
      if (when === "before") observed.obs.instrument(bare);
      const router = express.Router();
      router.get("/users/:id", ok);
      bare.use("/api/:tenant", router);
      if (when === "after") observed.obs.instrument(bare);
      const service = await listenExpress(bare, observed);
      await service.askAll(["/api/a/users/1", "/api/b/users/2", "/api"]);
      expect(await service.settled(3)).toEqual({
        "GET /api/:tenant/users/:id 200": 2,
        "GET __unmatched__ 404": 1,
      });
    }
  });
});
