import { describe, expect, test } from "vitest";
import { find, value } from "../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../support/express.js";

describe.each(EXPRESSES)("what no route of %s matches", (_, express) => {
  test("is one series for a thousand paths of a scanner, at the root and under mounts", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", (_req, res) => void res.send("ok"));
      app.use("/api/:tenant", router);
      app.use("/static", express.static(import.meta.dirname));
      app.get("/known", (_req, res) => void res.send("ok"));
    });
    const paths = Array.from({ length: 1000 }, (_unused, i) =>
      [`/wp-${i}.php`, `/api/t${i}/nope`, `/static/${i}.js`, `/known/${i}?x=${i}`, `/api/${i}`].at(i % 5),
    );
    await Promise.all(paths.map((path) => service.ask(path as string)));
    expect(await service.settled(1000)).toEqual({ "GET __unmatched__ 404": 1000 });
    const samples = await service.samples();
    for (const name of ["http_request_duration_seconds_count", "http_time_to_headers_seconds_count"]) {
      expect(find(samples, name)).toHaveLength(1);
      expect(value(samples, name)).toBe(1000);
    }
    expect(new Set(service.accessLog().map(({ route }) => route))).toEqual(new Set([null]));
    expect(new Set(service.spans.map(({ name }) => name))).toEqual(new Set(["GET"]));
    expect(service.spans.every(({ attributes }) => !("http.route" in attributes))).toBe(true);
  });

  test("is not a 404 that a matched route sends itself", async () => {
    const service = await serveExpress(express, (app) => {
      const router = express.Router();
      router.get("/users/:id", (_req, res) => void res.status(404).send("no such user"));
      app.use("/api/:tenant", router);
      app.get("/own/:id", (_req, res) => void res.sendStatus(404));
    });
    await service.askAll(["/api/a/users/1", "/api/b/users/2", "/own/1", "/api/a/nobody"]);
    expect(await service.settled(4)).toEqual({
      "GET /api/:tenant/users/:id 404": 2,
      "GET /own/:id 404": 1,
      "GET __unmatched__ 404": 1,
    });
  });

  test("keeps the route that was matched last where that one passed the request on", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/users/:id", (_req, _res, next) => next());
      app.use((_req, res) => void res.status(404).send("nothing here"));
    });
    await service.askAll(["/users/1", "/other"]);
    expect(await service.settled(2)).toEqual({
      "GET /users/:id 404": 1,
      "GET __unmatched__ 404": 1,
    });
  });

  test("is the same series for a method that the route does not have", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/known/:id", (_req, res) => void res.send("ok"));
    });
    for (const method of ["POST", "DELETE", "PROPFIND"]) await service.ask("/known/1", { method });
    expect(await service.settled(3)).toEqual({
      "POST __unmatched__ 404": 1,
      "DELETE __unmatched__ 404": 1,
      "_OTHER __unmatched__ 404": 1,
    });
  });
});
