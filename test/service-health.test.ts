import { createServer } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { AttachOptions, Collector, Observability, ObservabilityOptions } from "../src/index.js";
import { createObservability } from "../src/index.js";

const open: Observability[] = [];
afterEach(() => Promise.all(open.splice(0).map((obs) => obs.close())));

function create(health: ObservabilityOptions["health"] = {}): Observability {
  const obs = createObservability({ service: "chat", logging: { level: "silent" }, health });
  open.push(obs);
  return obs;
}

interface Client {
  ping(): unknown;
  readonly options?: { readonly max: number };
  readonly totalCount?: number;
  readonly idleCount?: number;
}

/** A collector whose readiness check pings. */
const collector: Collector<Client, AttachOptions, "http"> = {
  name: "store",
  domain: "http",
  supports: "*",
  matches: (value): value is Client => typeof value === "object" && value !== null && "ping" in value,
  attach(client, scope) {
    scope.check(scope.instance, () => client.ping());
    return () => undefined;
  },
};

const client = (own: Partial<Client> = {}): Client => ({ ping: () => "PONG", ...own });
const full = (obs: Observability) => obs.health.getHealthStatus({ level: "full" }).checks;

describe("the readiness check of a client", () => {
  test("is registered by its name, runs, and goes with the client", async () => {
    const obs = create({ indicators: [] });
    const detach = obs.use(collector, client(), { name: "main" });
    await expect.poll(() => full(obs)["main"]?.status, { timeout: 10_000 }).toBe("healthy");
    expect(full(obs)["main"]?.meta).toMatchObject({ critical: true, groups: ["ready"] });
    detach();
    expect(full(obs)).toEqual({});
  });

  test("holds readiness back while the client does not answer", async () => {
    const obs = create({ indicators: [] });
    obs.use(collector, client({ ping: () => Promise.reject(new Error("down")) }));
    await expect.poll(() => full(obs)["store"]?.status, { timeout: 10_000 }).toBe("unhealthy");
    expect(obs.health.getHealthStatus({ group: "ready" }).status).toBe("unhealthy");
    expect(obs.health.getHealthStatus({ group: "live" }).status).toBe("healthy");
  });

  test("takes options, and is left out by false", () => {
    const obs = create({ indicators: [] });
    obs.use(collector, client(), { check: { critical: false, groups: ["health"] } });
    obs.use(collector, client({ options: { max: 1 }, totalCount: 0, idleCount: 0 }), {
      name: "b",
      check: false,
    });
    expect(Object.keys(full(obs))).toEqual(["store"]);
    expect(full(obs)["store"]?.meta).toMatchObject({ critical: false, groups: ["health"] });
    expect(() => obs.use(collector, client(), { name: "c", check: { jitter: 7 } })).toThrow(
      "health check c.jitter: found 7",
    );
  });

  test("has a name of its own where several clients have one", () => {
    const obs = create({ indicators: [] });
    const detach = obs.use(collector, client());
    for (let i = 0; i < 2; i++) obs.use(collector, client());
    expect(Object.keys(full(obs))).toEqual(["store", "store-2", "store-3"]);
    detach();
    expect(Object.keys(full(obs))).toEqual(["store-2", "store-3"]);
  });
});

test("/health has the user's shape: memory, disk, and connections once a pool is instrumented", async () => {
  const obs = create();
  const shape = () => obs.health.getHealthStatus();
  const pool = client({ options: { max: 100 }, totalCount: 10, idleCount: 5 });
  const detach = obs.use(collector, pool, { check: { groups: ["ready"] } });
  obs.use(collector, client({ options: { max: 4 }, totalCount: 0, idleCount: 0 }), { name: "orders" });
  await expect.poll(() => shape().checks["disk"]?.["usage"], { timeout: 10_000 }).toBeDefined();
  await expect.poll(() => shape().checks["connections"]?.status, { timeout: 10_000 }).toBe("healthy");
  const { status, timestamp, checks } = shape();
  const usage = expect.stringMatching(/^\d{1,3}%$/);
  expect({ status, timestamp, checks }).toEqual({
    status: expect.stringMatching(/^healthy|degraded$/),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    checks: {
      memory: { status: expect.any(String), usage },
      disk: { status: expect.any(String), usage },
      store: { status: "healthy" },
      connections: { status: "healthy", available: 95, total: 100 },
      orders: { status: "healthy" },
      "connections-orders": { status: "healthy", available: 4, total: 4 },
    },
  });
  detach();
  expect(Object.keys(shape().checks)).not.toContain("connections");
});

test("the indicators can be left out or taken in", () => {
  expect(full(create({ indicators: [] }))).toEqual({});
  expect(Object.keys(full(create({ indicators: ["eventLoop"] })))).toEqual(["eventLoop"]);
});

test("a port of its own answers health and nothing else, and closes with the instance", async () => {
  const obs = create();
  const { url, port } = await obs.health.serveHealthEndpoint({ port: 0, host: "127.0.0.1" });
  for (const path of ["/health", "/ready", "/live", "/startup", "/health/started"])
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  await expect(create().health.serveHealthEndpoint({ port, host: "127.0.0.1" })).rejects.toMatchObject({
    code: "TELLTALE_LISTEN",
  });
  await obs.close();
  await expect(fetch(`${url}/live`)).rejects.toThrow();
});

test("the families are in the catalog and the exposition", async () => {
  const obs = create();
  await expect
    .poll(() => obs.metrics.registry.metrics(), { timeout: 10_000 })
    .toMatch(/^health_status\{.*check="memory".*\} \d/m);
  const owned = obs.catalog
    .filter(({ owner, name }) => owner === "health" && name.startsWith("health_"))
    .map(({ name }) => name);
  expect(owned).toEqual([
    "health_check_duration_seconds",
    "health_check_runs_total",
    "health_check_transitions_total",
    "health_status",
    "health_check_consecutive_failures",
    "health_check_last_success_timestamp_seconds",
    "health_check_circuit_state",
    "health_overall_status",
    "health_ready",
    "health_live",
  ]);
});

test("a probe of a service leaves no trace of it, in metrics nor in the access log", async () => {
  const lines: string[] = [];
  const obs = createObservability({
    service: "chat",
    logging: { destination: { write: (line) => void lines.push(line) } },
  });
  open.push(obs);
  const server = createServer(
    obs.http((req, res) => {
      if (!obs.health.serveHealthEndpoint(req, res)) res.end();
    }),
  ).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  for (const path of ["/health", "/health/checks/memory", "/ready", "/other"])
    await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await expect
    .poll(() => lines.filter((line) => line.includes("http_request")).length, { timeout: 10_000 })
    .toBe(1);
  expect(await obs.metrics.registry.metrics()).toMatch(/^http_requests_total\{.*\} 1$/m);
  server.closeAllConnections();
  server.close();
});

describe("bad options", () => {
  test.each([
    [
      { details: { public: "all" } },
      'health.details.public: expected one of "none", "status", "data", "full", got "all".',
    ],
    [
      { details: { authorize: true } },
      "health.details.authorize: expected a function (req) => boolean, got true.",
    ],
    [
      { indicators: ["cpu"] },
      'health.indicators: expected an array of "memory", "disk", "eventLoop", got ["cpu"].',
    ],
    [
      { paths: { live: "alive" } },
      "health.paths: expected an object of paths, or arrays of them, by health, ready, live, startup",
    ],
    [{ paths: { alive: "/alive" } }, "health.paths: expected"],
    [
      { statusCodes: { healthy: 99 } },
      "health.statusCodes: expected an object of status codes from 200 to 599",
    ],
    [
      { liveness: { watchdog: { port: 70_000 } } },
      "health.liveness.watchdog.port: expected a port, 0 to 65535, got 70000.",
    ],
    [{ jitter: 2 }, "health.jitter: expected a number from 0 to 1, got 2."],
  ])("%j are refused by name", (health, message) => {
    expect(() => create(health as never)).toThrow(`createObservability: option ${message}`);
  });
});

test("the environment sets them", () => {
  const env = { TELLTALE_HEALTH_INDICATORS: "none", TELLTALE_HEALTH_STARTUP: "manual" };
  Object.assign(process.env, env);
  try {
    const obs = create();
    expect([obs.health.state, full(obs)]).toEqual(["starting", {}]);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
});
