import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Express } from "express";
import { describe, expect, test } from "vitest";
import { createObservability, type Observability } from "../../../src/index.js";
import { parseExposition, table, value } from "../../support/exposition.js";
import { asker, EXPRESSES, listenExpress, serveExpress } from "../../support/express.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen, observe } from "../../support/service.js";

const GET_USERS = { "GET /users/:id 200": 1 };

describe.each(EXPRESSES)("observing %s", (_, express) => {
  test("counts a request once, however many times the app is observed", async () => {
    const observed = observe();
    const { obs } = observed;
    const app = express();
    obs.instrument(app);
    app.use(obs.express(), obs.express());
    app.use("/users", obs.express());
    app.get("/users/:id", (_req, res) => void res.send("ok"));
    const server = createServer(obs.http(app as never));
    obs.instrument(server);
    const { port } = await listen(server);
    await asker(port)("/users/1");
    expect(await observed.settled(1)).toEqual(GET_USERS);
    expect([observed.accessLog().length, observed.spans.length]).toEqual([1, 1]);
  });

  test("counts a request once in each of two observabilities, in one trace", async () => {
    const [first, second] = [observe(), observe({ service: "other" })];
    const app = express();
    app.use(first.obs.express(), second.obs.express());
    const router = express.Router();
    router.get("/:id", (_req, res) => void res.send("ok"));
    app.use("/users", router);
    const service = await listenExpress(app, first);
    await service.ask("/users/1");
    expect([await first.settled(1), await second.settled(1)]).toEqual([GET_USERS, GET_USERS]);
    expect([first.accessLog().length, second.accessLog().length]).toEqual([1, 1]);
    const [outer, inner] = [first.spans[0], second.spans[0]];
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  test("goes on in one observability after another was closed, in either order", async () => {
    for (const closed of [0, 1] as const) {
      const both = [observe(), observe()] as const;
      const app = express();
      app.use(both[0].obs.express(), both[1].obs.express());
      const router = express.Router();
      router.use("/guard", (_req, _res, next) => next(new Error("no")));
      app.use("/api/:tenant", router);
      const left = both[closed === 0 ? 1 : 0];
      const service = await listenExpress(app, left);
      await service.ask("/api/a/guard");
      await both[closed].obs.close();
      await service.ask("/api/b/guard");
      expect(await left.settled(2)).toEqual({ "GET /api/:tenant/guard 500": 2 });
    }
  });

  test("sees what the routes of an app that was instrumented late answer", async () => {
    const observed = observe();
    const app = express();
    app.get("/users/:id", (_req, res) => void res.send("ok"));
    const service = await listenExpress(app, observed);
    await service.ask("/users/0");
    const detach = observed.obs.instrument(app);
    await service.ask("/users/1");
    detach();
    detach();
    await service.ask("/users/2");
    expect(await observed.settled(1)).toEqual(GET_USERS);
    expect(observed.spans).toHaveLength(1);
  });

  test("ends with detach(), somebody else's wrapper on top of ours or not", async () => {
    const observed = observe();
    const app = express() as unknown as Express & { handle(...args: unknown[]): unknown };
    app.get("/users/:id", (_req, res) => void res.send("ok"));
    const detach = observed.obs.instrument(app);
    const { handle } = app;
    let wrapped = 0;
    app.handle = (...args) => {
      wrapped++;
      return handle.apply(app, args);
    };
    const service = await listenExpress(app, observed);
    await service.ask("/users/1");
    detach();
    expect((await service.ask("/users/2")).status).toBe(200);
    expect(await observed.settled(1)).toEqual(GET_USERS);
    expect([wrapped, observed.accessLog().length]).toEqual([2, 1]);
  });

  test("puts what the handler logs into the request's trace, in obs.instrument(app) as well", async () => {
    const observed = observe();
    const app = express();
    observed.obs.instrument(app);
    app.get("/users/:id", (_req, res) => {
      setTimeout(() => {
        observed.obs.logger.info("inside");
        res.send("ok");
      }, 1);
    });
    const service = await listenExpress(app, observed);
    await service.ask("/users/1", { headers: { "x-request-id": "r-1" } });
    await observed.settled(1);
    expect(observed.lines.map(({ msg, ...line }) => [msg, line["request_id"]])).toEqual([
      ["inside", "r-1"],
      ["request completed", "r-1"],
    ]);
  });

  test("leaves running requests to finish after close() and lets later ones pass unseen", async () => {
    const observed = observe();
    const finish: (() => void)[] = [];
    const service = await serveExpress(
      express,
      (app) => {
        app.get("/slow/:id", (_req, res) => void finish.push(() => res.send("slow")));
        app.get("/drip", (_req, res) => {
          res.write("one");
          finish.push(() => res.end("two"));
        });
        app.get("/users/:id", (_req, res) => void res.send("ok"));
      },
      observed,
    );
    const pending = [service.ask("/slow/1"), service.ask("/drip")];
    await expect.poll(() => finish.length).toBe(2);
    await observed.obs.close();
    for (const end of finish) end();
    const answers = await Promise.all(pending);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, "slow"],
      [200, "onetwo"],
    ]);
    const { length } = observed.lines;
    const later = await service.ask("/users/1");
    expect([later.status, later.headers["x-request-id"]]).toEqual([200, undefined]);
    expect(observed.lines).toHaveLength(length);
    expect(observed.spans.filter(({ name }) => name.includes("/users"))).toEqual([]);
  });

  test("leaves nothing behind after a hundred observabilities on one app and port", async () => {
    const app = express();
    const router = express.Router();
    router.get("/:id", (_req, res) => void res.send("ok"));
    app.use("/users", router);
    const { handle } = app as unknown as { handle: unknown };
    const address = await listenExpress(app, observe());
    const alive: WeakRef<Observability>[] = [];

    async function cycle(): Promise<void> {
      const obs = createObservability({ service: "s", logging: { level: "silent" }, tracing: false });
      alive.push(new WeakRef(obs));
      obs.instrument(app);
      await address.ask("/users/1");
      await untilCounted(obs, GET_USERS);
      await obs.close();
    }

    await cycle();
    const before = listenersOfProcess();
    const shapes = [express.request, express.response, app.request, app.response].map(Reflect.ownKeys);
    for (let i = 0; i < 100; i++) await cycle();
    expect(listenersOfProcess()).toEqual(before);
    expect([express.request, express.response, app.request, app.response].map(Reflect.ownKeys)).toEqual(
      shapes,
    );
    expect((app as unknown as { handle: unknown }).handle).toBe(handle);
    await expect.poll(() => collected(alive), { timeout: 5000 }).toBeGreaterThan(95);
  });

  test("keeps the scrape and the health endpoints out of metrics, log and spans", async () => {
    const service = await serveExpress(express, (app, { obs }) => {
      app.use(obs.health.router());
      app.get("/metrics", obs.metrics.handler());
      app.get("/users/:id", (_req, res) => void res.send("ok"));
    });
    const own = ["/health", "/ready", "/live", "/startup", "/metrics", "/metrics?x=1"];
    expect(await service.askAll(own)).toEqual(Array(6).fill(200));
    const scrape = await service.ask("/metrics");
    expect(scrape.text).toContain("# TYPE telltale_errors_total counter");
    await service.ask("/users/1");
    expect(await service.settled(1)).toEqual(GET_USERS);
    expect([service.accessLog().length, service.spans.length]).toEqual([1, 1]);
    expect(value(parseExposition((await service.ask("/metrics")).text), "http_requests_total")).toBe(1);
  });

  test("counts the client that leaves while the app waits, in obs.instrument(app) as well", async () => {
    const observed = observe();
    const app = express();
    observed.obs.instrument(app);
    app.get("/hang/:id", () => undefined);
    const service = await listenExpress(app, observed);
    const client = await connectRaw(service.port);
    client.send(head("GET /hang/1 HTTP/1.1"));
    await expect.poll(async () => value(await service.samples(), "http_requests_in_flight")).toBe(1);
    client.leave();
    expect(await service.settled(1)).toEqual({ "GET /hang/:id 499": 1 });
  });
});

// Not expect.poll(), which keeps what its function holds.
async function untilCounted(obs: Observability, wanted: Record<string, number>): Promise<void> {
  for (;;) {
    const samples = parseExposition(await obs.metrics.registry.metrics());
    const counts = table(samples, "http_requests_total", ["method", "route", "status"]);
    if (isDeepStrictEqual(counts, wanted)) return;
    await setImmediate();
  }
}

function listenersOfProcess(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

function collected(refs: readonly WeakRef<object>[]): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return refs.filter((ref) => ref.deref() === undefined).length;
}
