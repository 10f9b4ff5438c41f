import { describe, expect, test } from "vitest";
import { value } from "../../support/exposition.js";
import { FASTIFIES, serveFastify } from "../../support/fastify.js";
import { connectRaw, head } from "../../support/raw-client.js";

describe.each(FASTIFIES)("the route of a request in %s", (version, fastify) => {
  test("is the template with every prefix of the plugins around it, wherever obs.fastify was registered", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/", () => "root");
      void app.register(
        async (outer) => {
          outer.get("/list", () => "list");
          await outer.register(async (inner) => void inner.get("/:id", () => "one"), { prefix: "/users" });
        },
        { prefix: "/api/:tenant" },
      );
    });
    for (const path of ["/", "/api/a/list", "/api/b/list?q=1", "/api/a/users/7", "/api/b/users/8"])
      expect((await service.ask(path)).status).toBe(200);
    expect(await service.settled(5)).toEqual({
      "GET / 200": 1,
      "GET /api/:tenant/list 200": 2,
      "GET /api/:tenant/users/:id 200": 2,
    });
    expect(service.accessLog().map(({ route, status, outcome }) => `${route} ${status} ${outcome}`)).toEqual([
      "/ 200 ok",
      "/api/:tenant/list 200 ok",
      "/api/:tenant/list 200 ok",
      "/api/:tenant/users/:id 200 ok",
      "/api/:tenant/users/:id 200 ok",
    ]);
    expect(service.spans.map(({ name }) => name)).toContain("GET /api/:tenant/users/:id");
  });

  test("is the pattern of wildcards, regular expressions and several parameters", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/files/*", () => "file");
      app.get("/at/:hour(^\\d{2})h:minute(^\\d{2})m", () => "time");
      app.get("/opt/:id?", () => "maybe");
      app.get("/near/:lat-:lng", () => "place");
    });
    for (const path of ["/files/a/b.txt", "/at/12h30m", "/opt", "/opt/9", "/near/15-18"])
      expect((await service.ask(path)).status).toBe(200);
    expect(await service.settled(5)).toEqual({
      "GET /files/* 200": 1,
      "GET /at/:hour(^\\d{2})h:minute(^\\d{2})m 200": 1,
      "GET /opt/:id? 200": 2,
      "GET /near/:lat-:lng 200": 1,
    });
  });

  test("is shared by the methods of an array, the HEAD twin of a GET and a declared OPTIONS", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.route({ method: ["GET", "POST", "PUT"], url: "/many/:id", handler: () => "many" });
      app.options("/many/:id", (_request, reply) => reply.code(204).send());
    });
    for (const method of ["GET", "POST", "PUT", "HEAD", "OPTIONS"]) await service.ask("/many/1", { method });
    expect(await service.settled(5)).toEqual({
      "GET /many/:id 200": 1,
      "POST /many/:id 200": 1,
      "PUT /many/:id 200": 1,
      "HEAD /many/:id 200": 1,
      "OPTIONS /many/:id 204": 1,
    });
    const sizes = await service.samples();
    expect(value(sizes, "http_response_size_bytes_sum", { method: "GET" })).toBe(4);
    expect(value(sizes, "http_response_size_bytes_sum", { method: "HEAD" })).toBe(0);
  });

  test("is declared for a method outside the standard ones, which counts as _OTHER", async () => {
    const service = await serveFastify(fastify(), (app) => {
      (app as { addHttpMethod?: (method: string) => unknown }).addHttpMethod?.("PROPFIND");
      app.route({ method: "PROPFIND", url: "/dav/:id", handler: () => "found" });
    });
    expect((await service.ask("/dav/1", { method: "PROPFIND" })).status).toBe(200);
    expect(await service.settled(1)).toEqual({ "_OTHER /dav/:id 200": 1 });
    const [span] = service.spans;
    expect([span?.name, span?.attributes["http.request.method_original"]]).toEqual([
      "HTTP /dav/:id",
      "PROPFIND",
    ]);
  });

  test("is one for all that nothing matched, whatever handler answers", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/known", () => "known");
      void app.register(
        async (inner) => {
          inner.get("/known", () => "known");
          inner.setNotFoundHandler((_request, reply) => reply.code(404).send("no such thing here"));
        },
        { prefix: "/inner" },
      );
      app.setNotFoundHandler((_request, reply) => reply.code(404).send("no such thing"));
    });
    const paths = ["/wp-login.php", "/.env", "/a?b=c", "/inner/nope", "/inner/x/y", "/known/not"];
    for (const path of paths) expect((await service.ask(path)).body).toContain("no such thing");
    await service.ask("/known", { method: "DELETE" });
    await service.ask("/known", { method: "OPTIONS" });
    expect(await service.settled(8)).toEqual({
      "GET __unmatched__ 404": 6,
      "DELETE __unmatched__ 404": 1,
      "OPTIONS __unmatched__ 404": 1,
    });
    expect(service.accessLog()[0]).toMatchObject({ route: null, path: "/wp-login.php", status: 404 });
    expect(service.spans[0]?.name).toBe("GET");
  });

  test("is one for all that Fastify's own 404 answers", async () => {
    const service = await serveFastify(fastify(), (app) => void app.get("/known", () => "known"));
    for (const path of ["/a", "/b", "/c"]) expect((await service.ask(path)).status).toBe(404);
    expect(await service.settled(3)).toEqual({ "GET __unmatched__ 404": 3 });
  });

  test("stays with a route that answers 404 itself", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/users/:id", (_request, reply) => reply.code(404).send("no such user"));
      app.get("/gone/:id", (_request, reply) => void reply.callNotFound());
    });
    await service.ask("/users/7");
    await service.ask("/gone/7");
    expect(await service.settled(2)).toEqual({ "GET /users/:id 404": 1, "GET /gone/:id 404": 1 });
  });

  test("is unmatched for URLs that Fastify refuses before any hook, and each is counted once", async () => {
    const service = await serveFastify(fastify(), (app) => {
      app.get("/", () => "root");
      app.get("/users/:id", () => "one");
    });
    const client = await connectRaw(service.port);
    client.send(head("GET /%zz HTTP/1.1"));
    await client.until("400 Bad Request");
    const tooLong = await service.ask(`/users/${"x".repeat(200)}`);
    expect(await service.settled(2)).toEqual(
      tooLong.status === 400
        ? { "GET __unmatched__ 400": 2 }
        : { "GET __unmatched__ 400": 1, [`GET __unmatched__ ${tooLong.status}`]: 1 },
    );
    expect(service.accessLog()).toHaveLength(2);
    expect(service.spans).toHaveLength(2);
  });

  test("is the template under ignoreTrailingSlash, case-insensitive and rewritten URLs", async () => {
    const router = { ignoreTrailingSlash: true, caseSensitive: false };
    const options = version === "Fastify 4" ? router : { routerOptions: router };
    const service = await serveFastify(
      fastify({ ...options, rewriteUrl: rewrite }),
      (app) => void app.get("/users/:id", () => "one"),
    );
    for (const path of ["/users/1/", "/USERS/1", "/v1/users/1"])
      expect((await service.ask(path)).status).toBe(200);
    expect(await service.settled(3)).toEqual({ "GET /users/:id 200": 3 });
  });

  test("is found by constraints, one template for all versions", async () => {
    const service = await serveFastify(fastify(), (app) => {
      for (const version of ["1.0.0", "2.0.0"])
        app.route({ method: "GET", url: "/v/:id", constraints: { version }, handler: () => version });
    });
    for (const version of ["1.x", "2.x"])
      expect((await service.ask("/v/1", { headers: { "accept-version": version } })).status).toBe(200);
    expect(await service.settled(2)).toEqual({ "GET /v/:id 200": 2 });
  });
});

function rewrite(req: { url?: string | undefined }): string {
  return (req.url ?? "/").replace(/^\/v1/, "");
}
