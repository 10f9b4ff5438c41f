import type { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express from "express";
import promBundle from "express-prom-bundle";
import fastify from "fastify";
import fastifyMetrics from "fastify-metrics";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import { createFixture } from "../family-fixture.js";
import { type Client, KIN, numbersOf } from "./clients.js";

const require = createRequire(import.meta.url);
const client = (KIN[0] as (typeof KIN)[number]).client;

async function listen(app: express.Express): Promise<string> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const linesOf = async ({ registry }: Metrics, pattern: RegExp) =>
  numbersOf(await registry.metrics()).filter((line) => pattern.test(line));

describe("express-prom-bundle", () => {
  it("records into our registry, and serves it", async () => {
    const { metrics, told } = createFixture({ labels: { service: "chat" } });
    metrics.gauge({ name: "ours", help: "h" }).set(1);
    const app = express();
    app.use(
      promBundle({ promRegistry: metrics.registry, includeMethod: true, includePath: true, buckets: [10] }),
    );
    app.get("/users", (_req, res) => void res.send("ok"));
    const url = await listen(app);
    for (const path of ["/users", "/users", "/none"]) await (await fetch(url + path)).text();
    expect(await linesOf(metrics, /^(http_request_duration_seconds_(count|bucket)|up)/)).toEqual([
      'http_request_duration_seconds_bucket{le="10",service="chat",status_code="200",method="GET",path="/users"} 2',
      'http_request_duration_seconds_bucket{le="+Inf",service="chat",status_code="200",method="GET",path="/users"} 2',
      'http_request_duration_seconds_count{service="chat",status_code="200",method="GET",path="/users"} 2',
      'http_request_duration_seconds_bucket{le="10",service="chat",status_code="404",method="GET",path="/none"} 1',
      'http_request_duration_seconds_bucket{le="+Inf",service="chat",status_code="404",method="GET",path="/none"} 1',
      'http_request_duration_seconds_count{service="chat",status_code="404",method="GET",path="/none"} 1',
      'up{service="chat"} 1',
    ]);
    const served = await fetch(`${url}/metrics`);
    expect(served.headers.get("content-type")).toContain("text/plain");
    expect(await served.text()).toContain('\nours{service="chat"} 1\n');
    expect(told).toEqual([]);
  });

  it("in a registry of its own is adopted", async () => {
    const { metrics, lines } = createFixture({ labels: { service: "chat" } });
    const registry = new client.Registry();
    const app = express();
    app.use(promBundle({ promRegistry: registry, buckets: [10] }));
    metrics.adopt(registry);
    const url = await listen(app);
    await (await fetch(url)).text();
    expect(await lines()).toContain(
      'http_request_duration_seconds_count{service="chat",status_code="404"} 1',
    );
  });
});

describe("fastify-metrics", () => {
  // Without the option it takes @platformatic/prom-client where that is installed, as here.
  it.each<[string, { promClient?: Client }]>([
    ["with its own client", {}],
    ["with the service's", { promClient: client }],
  ])("records into our registry, and serves it, %s", async (_how, options) => {
    const { metrics, told } = createFixture();
    metrics.gauge({ name: "ours", help: "h" }).set(1);
    const { registry } = metrics;
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(fastifyMetrics, {
      ...options,
      defaultMetrics: { enabled: true, register: registry },
      routeMetrics: {
        overrides: {
          histogram: { registers: [registry], buckets: [10] },
          summary: { registers: [registry], percentiles: [0.5] },
        },
      },
    });
    app.get("/users/:id", () => "ok");
    for (const id of [1, 2]) await app.inject(`/users/${id}`);
    expect(await linesOf(metrics, /^http_request_\w+_seconds_(bucket|count)/)).toEqual([
      'http_request_duration_seconds_bucket{le="10",method="GET",route="/users/:id",status_code="200"} 2',
      'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/users/:id",status_code="200"} 2',
      'http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 2',
      'http_request_summary_seconds_count{method="GET",route="/users/:id",status_code="200"} 2',
    ]);
    expect(await linesOf(metrics, /^nodejs_version_info/)).toHaveLength(1);
    const served = await app.inject("/metrics");
    expect(served.statusCode).toBe(200);
    expect(served.body).toContain("\nours 1\n");
    expect(told).toEqual([]);
  });
});

describe("opossum-prometheus, which brings prom-client 12", () => {
  interface Breaker extends EventEmitter {
    fire(...given: unknown[]): Promise<unknown>;
    shutdown(): void;
  }
  const CircuitBreaker = require("opossum") as new (act: unknown, options: object) => Breaker;
  const PrometheusMetrics = require("opossum-prometheus") as new (
    options: object,
  ) => {
    readonly client: Client;
    clear(): void;
  };

  function createBreaker(): Breaker {
    const act = (isFine: boolean) => (isFine ? Promise.resolve("ok") : Promise.reject(new Error("no")));
    const breaker = new CircuitBreaker(act, { name: "pay", errorThresholdPercentage: 100 });
    onTestFinished(() => breaker.shutdown());
    return breaker;
  }

  const useIt = async (breaker: Breaker): Promise<void> => {
    for (const isFine of [true, true, false]) await breaker.fire(isFine).catch(() => undefined);
  };
  const expected = [
    'circuit{name="pay",event="fire"} 3',
    'circuit{name="pay",event="success"} 2',
    'circuit{name="pay",event="failure"} 1',
    'circuit_perf_count{name="pay",event="success"} 2',
    'circuit_perf_count{name="pay",event="failure"} 1',
  ];

  it("records into our registry", async () => {
    const { metrics, told } = createFixture();
    const breaker = createBreaker();
    new PrometheusMetrics({ circuits: [breaker], registry: metrics.registry });
    await useIt(breaker);
    expect(await linesOf(metrics, /event="(fire|success|failure)"/)).toEqual(
      expect.arrayContaining(expected),
    );
    // A metric of prom-client 12 says its type only when it is read: valid, but without one.
    expect(await metrics.text({ format: "openmetrics" })).toMatch(/^circuit\{name="pay",event="fire"\} 3$/m);
    expect(told).toEqual([]);
  });

  it("in its own default registry is adopted, with its default metrics", async () => {
    const { metrics, told } = createFixture();
    const breaker = createBreaker();
    const made = new PrometheusMetrics({ circuits: [breaker] });
    onTestFinished(() => made.clear());
    metrics.adopt(made.client.register);
    await useIt(breaker);
    expect(await linesOf(metrics, /event="(fire|success|failure)"/)).toEqual(
      expect.arrayContaining(expected),
    );
    const [first] = await linesOf(metrics, /^opossum_process_cpu_seconds_total/);
    const until = Date.now() + 50;
    while (Date.now() < until);
    const [second] = await linesOf(metrics, /^opossum_process_cpu_seconds_total/);
    const value = (line = "") => Number(line.split(" ")[1]);
    expect(value(second)).toBeGreaterThan(value(first));
    expect(told).toEqual([]);
  });
});
