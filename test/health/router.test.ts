import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import type { HealthMiddleware } from "../../src/health/index.js";
import { ask, createHouse, type FakeHouse, type Listening, listen } from "./fakes.js";

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
    const answer = await ask(port, "/ready", method, method === "POST" ? "{ broken" : undefined);
    expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it("answers within the time of the settings when a check hangs", async () => {
    const house = createReady({ timeoutMs: 30 });
    house.health.registerHealthCheck("db", () => new Promise(() => undefined));
    const port = await serveHandler(house);
    const answer = await ask(port, "/ready");
    expect([answer.status, answer.json()["checks"]]).toEqual([503, { db: { status: "unhealthy" } }]);
    expect((await ask(port, "/live")).status).toBe(200);
  });

  it("never tells why a check failed", async () => {
    const house = createReady();
    house.health.registerHealthCheck("db", () => {
      throw new Error("password authentication failed for user admin");
    });
    house.health.setReady(false, "maintenance by alice");
    const port = await serveHandler(house);
    const { body } = await ask(port, "/ready");
    expect(body).not.toMatch(/password|alice/);
    expect(house.lines.map(({ fields }) => fields["reason"] ?? fields["to"])).toEqual([
      "maintenance by alice",
      "unhealthy",
    ]);
  });

  it("announces each request it serves before answering, and no other", async () => {
    const house = createReady();
    const seen: string[] = [];
    const port = await serve((req, res) => {
      const ours = house.health.handler(req, res);
      seen.push(`${req.url} ${ours} ${house.served.includes(req)} ${res.headersSent}`);
      if (!ours) res.end();
    });
    await ask(port, "/ready");
    await ask(port, "/other");
    expect(seen).toEqual(["/ready true true false", "/other false false false"]);
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
    expect(house.lines.map(({ message }) => message)).toContain("health: a probe could not be answered");
  });

  it("stays silent about a client that has gone before the answer", async () => {
    const house = createReady();
    let finish: () => void = () => undefined;
    house.health.registerHealthCheck("db", () => new Promise<void>((resolve) => (finish = resolve)));
    const gone = new Promise<void>((resolve) => {
      void serve((req, res) => {
        house.health.handler(req, res);
        req.socket.destroy();
        res.once("close", resolve);
      }).then((port) => ask(port, "/ready").catch(() => undefined));
    });
    await gone;
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(house.lines).toEqual([]);
  });
});
