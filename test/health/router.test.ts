import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import type { HealthMiddleware, HealthSettings } from "../../src/health/index.js";
import { type Answer, ask, createHouse, type FakeHouse, type Listening, listen } from "./fakes.js";

type Handler = (req: object, res: { send(body: string): void }) => void;
interface App {
  (...args: Parameters<RequestListener>): void;
  use(path: string, middleware: HealthMiddleware): void;
  use(middleware: HealthMiddleware): void;
  get(path: string, handler: Handler): void;
}

const require = createRequire(import.meta.url);
const express5 = require("express") as () => App;
const express4 = require("express4") as () => App;
const open: Listening[] = [];

async function serve(listener: RequestListener): Promise<number> {
  const listening = await listen(listener);
  open.push(listening);
  return listening.port;
}

function createReady(settings = {}): FakeHouse {
  const house = createHouse(settings);
  house.health.markStarted();
  return house;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

describe.each([
  ["Express 5", express5],
  ["Express 4", express4],
])("the middleware in %s", (_, express) => {
  it("answers its paths and passes on the others", async () => {
    const { health } = createReady();
    const app = express();
    app.use(health.router());
    app.get("/users/ready", (_req, res) => void res.send("user"));
    const port = await serve(app);
    for (const path of ["/health", "/ready", "/live/", "/startup?x=1", "/health/live"]) {
      const answer = await ask(port, path);
      expect([path, answer.status, answer.json()["status"]]).toEqual([path, 200, "healthy"]);
    }
    expect((await ask(port, "/users/ready")).body).toBe("user");
    expect((await ask(port, "/other")).status).toBe(404);
  });

  it.each([
    ["", "/api", "/api/ready"],
    ["", "/api/health", "/api/health/ready"],
    ["", "/health", "/health/ready"],
    ["/api/health", "/api/health", "/api/health/ready"],
    ["/api/health", "/api/health", "/api/health/"],
    ["/api/health", "/", "/api/health"],
    ["/other", "/api/health", "/api/health/live?x=1"],
    ["/other", "/api/health", "/api/health?x=1"],
    ["/api", "/", "/api/ready"],
  ])("with base path %j mounted at %s answers %s", async (basePath, mount, path) => {
    const { health } = createReady({ basePath });
    const app = express();
    app.use(mount, health.router());
    const port = await serve(app);
    expect((await ask(port, path)).status).toBe(200);
    expect((await ask(port, "/api/other")).status).toBe(404);
  });

  it("takes a mount at …/health for the overview, and no other mount", async () => {
    const { health } = createReady();
    const app = express();
    app.use("/api/health", health.router());
    app.use("/v1", health.router());
    app.get("/v1", (_req, res) => void res.send("index"));
    const port = await serve(app);
    expect((await ask(port, "/api/health")).json()).toMatchObject({ status: "healthy", checks: {} });
    expect((await ask(port, "/v1")).body).toBe("index");
  });
});

describe("the node:http handler", () => {
  async function serveHandler({ health }: FakeHouse): Promise<number> {
    return serve((req, res) => {
      if (!health.handler(req, res)) res.writeHead(404).end("not ours");
    });
  }

  it("says whether the path is its own", async () => {
    const port = await serveHandler(createReady());
    expect((await ask(port, "/live")).status).toBe(200);
    expect((await ask(port, "/lives")).body).toBe("not ours");
  });

  it("sends the headers of GET to HEAD, and no body", async () => {
    const port = await serveHandler(createReady());
    const get = await ask(port, "/ready");
    const head = await ask(port, "/ready", "HEAD");
    expect(head.body).toBe("");
    expect({ ...head.headers, date: "" }).toEqual({ ...get.headers, date: "" });
    expect(get.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-type": "application/json; charset=utf-8",
    });
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s with 405", async (method) => {
    const port = await serveHandler(createReady());
    const answer = await ask(port, "/ready", method, method === "POST" ? { sent: "{ broken" } : {});
    expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it("answers at once while a check hangs", async () => {
    const house = createReady();
    house.health.registerHealthCheck("db", () => new Promise(() => undefined));
    const port = await serveHandler(house);
    await house.clock.pass(100);
    const pending = await ask(port, "/ready");
    expect([pending.status, pending.json()["checks"]]).toEqual([
      503,
      { db: { status: "unknown", reason: "pending" } },
    ]);
    await house.clock.pass(2000);
    const failed = await ask(port, "/ready");
    expect([failed.status, failed.json()["checks"]]).toEqual([
      503,
      { db: { status: "unhealthy", reason: "timeout" } },
    ]);
    expect(failed.headers["retry-after"]).toBe("2");
    expect((await ask(port, "/live")).status).toBe(200);
  });

  it("answers a thousand probes side by side while fifty checks hang", async () => {
    const house = createReady();
    let runs = 0;
    for (let i = 0; i < 50; i++)
      house.health.registerHealthCheck(`check-${i}`, () => {
        runs++;
        return new Promise(() => undefined);
      });
    await house.clock.pass(0);
    const port = await serveHandler(house);
    const paths = ["/health", "/ready", "/live", "/startup"];
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => ask(port, paths[i % 4] as string)),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 1000 }, (_, i) => (i % 4 < 2 ? 503 : 200)),
    );
    expect(runs).toBe(8);
  });

  it("never tells why a check failed", async () => {
    const house = createReady();
    house.health.registerHealthCheck("db", () => {
      throw new Error("password authentication failed for user admin");
    });
    house.health.setReady(false, "maintenance by alice");
    await house.clock.pass(0);
    const port = await serveHandler(house);
    const { body } = await ask(port, "/health");
    expect(body).not.toMatch(/password|alice/);
    expect(house.lines.map(({ fields }) => fields["reason"])).toEqual([
      undefined,
      "maintenance by alice",
      "failed",
    ]);
  });

  it("announces each request it serves, and no other", async () => {
    const house = createReady();
    const seen: string[] = [];
    const port = await serve((req, res) => {
      const ours = house.health.handler(req, res);
      seen.push(`${req.url} ${ours} ${house.served.includes(req)}`);
      if (!ours) res.end();
    });
    await ask(port, "/ready");
    await ask(port, "/other");
    expect(seen).toEqual(["/ready true true", "/other false false"]);
  });

  it("answers all the same when the announcement fails, or the response does", async () => {
    const house = createReady();
    house.served.push = () => {
      throw new Error("listener");
    };
    const port = await serve((req, res) => {
      if (req.url === "/live") {
        res.end = () => {
          throw new Error("patched");
        };
        setTimeout(() => res.destroy(), 20);
      }
      house.health.handler(req, res);
    });
    expect((await ask(port, "/ready")).status).toBe(200);
    await expect(ask(port, "/live")).rejects.toThrow();
    expect(house.faults).toMatchObject([
      { message: "listener" },
      { message: "listener" },
      { message: "patched" },
    ]);
  });
});

describe("who is told what", () => {
  async function serveSecret(
    details: HealthSettings["details"],
  ): Promise<(path: string, headers?: Record<string, string>) => Promise<Answer>> {
    const house = createReady({ details });
    house.health.registerHealthCheck("db", () => ({ lag: 3, host: "db1" }));
    await house.clock.pass(0);
    const port = await serve((req, res) => void (house.health.handler(req, res) || res.writeHead(404).end()));
    faults = house.faults;
    return (path, headers = {}) => ask(port, path, "GET", { headers });
  }
  let faults: unknown[] = [];
  const checks = (answer: Answer): unknown => answer.json()["checks"];

  it("everybody: numbers in /health, words in the probes", async () => {
    const get = await serveSecret({ public: "data", authorized: "full" });
    expect(checks(await get("/health"))).toEqual({ db: { status: "healthy", lag: 3 } });
    expect(checks(await get("/ready"))).toEqual({ db: { status: "healthy" } });
    expect(checks(await get("/health", { authorization: "Bearer " }))).toEqual({
      db: { status: "healthy", lag: 3 },
    });
    expect((await get("/health/checks/db")).status).toBe(404);
  });

  it("everybody: nothing, where it is so set", async () => {
    const get = await serveSecret({ public: "none", authorized: "full" });
    for (const path of ["/health", "/ready", "/live"])
      expect(Object.keys((await get(path)).json())).toEqual(["status", "timestamp"]);
  });

  it("those who have the token: all", async () => {
    const get = await serveSecret({ public: "none", authorized: "full", token: "s3cret" });
    for (const good of ["Bearer s3cret", "bearer  s3cret "])
      expect(checks(await get("/ready", { authorization: good }))).toMatchObject({
        db: { host: "db1", meta: {} },
      });
    for (const bad of ["Bearer s3cre", "Bearer s3crets", "s3cret", "Basic s3cret", "Bearer"])
      expect(checks(await get("/ready", { authorization: bad }))).toBeUndefined();
    expect((await get("/health/checks/db", { authorization: "Bearer s3cret" })).status).toBe(200);
    expect((await get("/health/checks/other", { authorization: "Bearer s3cret" })).status).toBe(404);
  });

  it("those for whom `authorize` says true, and nobody when it throws or puts it off", async () => {
    let answer: () => unknown = () => true;
    const get = await serveSecret({
      public: "status",
      authorized: "data",
      authorize: () => answer() as boolean,
    });
    expect(checks(await get("/ready"))).toEqual({ db: { status: "healthy", lag: 3 } });
    for (const no of [() => false, () => Promise.resolve(true), () => "yes", () => void JSON.parse("{")]) {
      answer = no;
      expect(checks(await get("/ready"))).toEqual({ db: { status: "healthy" } });
    }
    expect(faults).toHaveLength(3);
  });
});

describe("a body", () => {
  it("stays below 10 kB: numbers go first, then the checks", async () => {
    const house = createReady();
    for (let i = 0; i < 200; i++)
      house.health.registerHealthCheck(`check-${i}`, () => ({ aNumberWithALongName: i, another: i }));
    await house.clock.pass(0);
    const port = await serve((req, res) => void house.health.handler(req, res));
    const { body } = await ask(port, "/health");
    expect([body.length < 10_000, body.includes("aNumber"), body.includes("check-7")]).toEqual([
      true,
      false,
      true,
    ]);
    for (let i = 0; i < 400; i++) house.health.registerHealthCheck(`more-${i}`, () => true);
    expect(Object.keys((await ask(port, "/health")).json())).toEqual(["status", "timestamp"]);
  });

  it("has the code that the service gives a word", async () => {
    const house = createReady({ statusCodes: { degraded: 207, unhealthy: 500 } });
    let status = "degraded";
    house.health.registerHealthCheck("db", () => ({ status }), { failureThreshold: 1 });
    await house.clock.pass(0);
    const port = await serve((req, res) => void house.health.handler(req, res));
    expect((await ask(port, "/health")).status).toBe(207);
    status = "unhealthy";
    await house.clock.pass(10_000);
    const answer = await ask(port, "/health");
    expect([answer.status, answer.headers["retry-after"]]).toEqual([500, undefined]);
  });

  it("has the form of the IETF draft for those who name it, and no others", async () => {
    const house = createReady({ version: "1.2.3", indicators: [] });
    house.health.registerHealthCheck("memory", () => ({ usage: "45%" }), { kind: "system" });
    house.health.registerHealthCheck("pool", () => ({ status: "degraded", available: 2 }));
    house.health.registerHealthCheck("db", () => false, { critical: false });
    await house.clock.pass(0);
    const port = await serve((req, res) => void house.health.handler(req, res));
    const get = (accept: string) => ask(port, "/health", "GET", { headers: { accept } });
    const answer = await get("text/html, application/health+json;q=0.9");
    expect(answer.headers["content-type"]).toBe("application/health+json; charset=utf-8");
    const time = "2023-11-14T22:13:20.000Z";
    expect(answer.json()).toEqual({
      status: "warn",
      version: "1.2.3",
      checks: {
        "memory:utilization": [
          { componentType: "system", status: "pass", observedValue: 45, observedUnit: "percent", time },
        ],
        "pool:available": [{ componentType: "component", status: "warn", observedValue: 2, time }],
        db: [{ componentType: "component", status: "fail", output: "failed", time }],
      },
    });
    for (const accept of ["*/*", "application/json"])
      expect((await get(accept)).headers["content-type"]).toBe("application/json; charset=utf-8");
  });
});
