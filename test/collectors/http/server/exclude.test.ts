import { describe, expect, test } from "vitest";
import { compileExclude } from "../../../../src/collectors/http/server/exclude.js";
import type { RequestTest } from "../../../../src/collectors/http/settings.js";
import type { RequestLike } from "../../../../src/collectors/http/targets/shapes.js";
import { find, value } from "../../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../../support/express.js";
import { connectRaw, head } from "../../../support/raw-client.js";
import { observe } from "../../../support/service.js";

type Rule = string | RegExp | RequestTest;

describe.each(EXPRESSES)("http.exclude in %s", (_, express) => {
  const serve = (exclude: Rule[]) => {
    const observed = observe({ http: { exclude } });
    const respond = (_req: unknown, res: { send(text: string): unknown }) => {
      observed.obs.logger.info("inside");
      res.send("ok");
    };
    return serveExpress(
      express,
      (app) => {
        const router = express.Router();
        router.use(respond);
        app.use("/internal", router);
        app.get("/ping", respond);
        app.get("/users/:id", respond);
      },
      observed,
    );
  };

  test.each<[string, Rule, string[], string[]]>([
    ["a path", "/ping", ["/ping", "/ping?a=b", "/ping"], ["/ping/", "/internal/ping", "/users/ping"]],
    ["a prefix", "/internal*", ["/internal", "/internal/a", "/internal/b?c"], ["/ping", "/users/internal"]],
    ["a RegExp", /^\/(ping|internal)/, ["/ping", "/internal/x"], ["/users/1", "/users/ping"]],
    ["a RegExp with flags that remember", /ping/gy, ["/ping", "/ping", "/ping"], ["/users/1"]],
    [
      "a predicate",
      (req) => req.headers["user-agent"] === undefined && req.url === "/ping",
      ["/ping"],
      ["/users/1"],
    ],
  ])("by %s leaves no trace in metrics, log and spans", async (_what, rule, excluded, kept) => {
    const service = await serve([rule]);
    for (const path of excluded) {
      const answer = await service.ask(path);
      expect([path, answer.headers["x-request-id"]]).toEqual([path, undefined]);
    }
    expect(await service.requests()).toEqual({});
    expect(find(await service.samples(), "http_requests_in_flight")).toEqual([]);
    expect([service.accessLog(), service.spans]).toEqual([[], []]);
    await service.askAll(kept);
    await service.settled(kept.length);
    expect(service.accessLog().map(({ path }) => path)).toEqual(kept);
    expect(service.spans).toHaveLength(kept.length);
  });

  test("by a predicate that throws excludes nothing, and the throw is counted", async () => {
    const service = await serve([
      () => {
        throw new Error("predicate");
      },
    ]);
    expect((await service.ask("/ping")).status).toBe(200);
    expect(await service.settled(1)).toEqual({ "GET /ping 200": 1 });
    expect(value(await service.samples(), "telltale_errors_total", { part: "http.exclude" })).toBe(1);
  });

  test("by a predicate takes true alone for a yes", async () => {
    const service = await serve([(() => "yes") as unknown as RequestTest]);
    await service.ask("/ping");
    expect(await service.settled(1)).toEqual({ "GET /ping 200": 1 });
  });

  test("sees the path of an absolute target", async () => {
    const service = await serve(["/ping"]);
    const client = await connectRaw(service.port);
    client.send(head("GET http://example.com/ping?x HTTP/1.1"));
    await client.until("200 OK");
    await service.ask("/users/1");
    expect(await service.settled(1)).toEqual({ "GET /users/:id 200": 1 });
  });

  test.each([true, false])("asks once a request, however many hooks it passes: %s stays", async (verdict) => {
    const asked: unknown[] = [];
    const decide = (req: RequestLike): boolean => (asked.push(req.url) === 1 ? verdict : !verdict);
    const service = await serveExpress(
      express,
      (app, { obs }) => {
        app.use(obs.express());
        app.use("/ping", obs.express());
        obs.instrument(app);
        app.get("/ping", (_req, res) => void res.send("ok"));
      },
      observe({ http: { exclude: [decide] } }),
    );
    await service.ask("/ping");
    await service.ask("/other");
    expect(await service.settled(1)).toEqual(
      verdict ? { "GET __unmatched__ 404": 1 } : { "GET /ping 200": 1 },
    );
    expect(asked).toEqual(["/ping", "/other"]);
  });
});

describe("compiled rules", () => {
  const guard = <T>(_part: string, run: () => T): T => run();
  const request = (url: string, originalUrl?: string) => ({ url, originalUrl }) as unknown as RequestLike;

  test("are no test at all where there are none", () => {
    expect(compileExclude([], guard)).toBeUndefined();
  });

  test("look at the URL as the client sent it, not at what a mount left of it", () => {
    const excluded = compileExclude(["/api/ping"], guard);
    expect([
      excluded?.(request("/ping", "/api/ping")),
      excluded?.(request("/api/ping", "/v1/api/ping")),
    ]).toEqual([true, false]);
  });

  test("take a single star for everything and leave the RegExp they were given alone", () => {
    const pattern = /ping/g;
    const excluded = compileExclude([pattern], guard);
    expect([1, 2, 3].map(() => excluded?.(request("/ping")))).toEqual([true, true, true]);
    expect(pattern.lastIndex).toBe(0);
    expect(compileExclude(["*"], guard)?.(request("/any"))).toBe(true);
  });
});
