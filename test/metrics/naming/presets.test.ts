import express from "express";
import bundle from "express-prom-bundle";
import fastify from "fastify";
import metricsPlugin from "fastify-metrics";
import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { NamingPreset } from "../../../src/metrics/types.js";
import { parseExposition, type Sample } from "../../support/exposition.js";
import { serveExpress } from "../../support/express.js";
import { serveFastify } from "../../support/fastify.js";
import { type Observed, observe } from "../../support/service.js";

/** Families as `name type label,label`, without those that `isOther` names; bounds of a histogram as well. */
function familiesOf(text: string, isWanted: (name: string) => boolean): Record<string, object> {
  const samples = parseExposition(text);
  const heads = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const families = heads
    .filter(([, name = ""]) => isWanted(name))
    .map(([, name = "", type]) => [name, { type, ...shapeOf(samples, name) }]);
  return Object.fromEntries(families) as Record<string, object>;
}

function shapeOf(samples: readonly Sample[], name: string): { labels: string[]; bounds: string[] } {
  const own = samples.filter((sample) => sample.name.replace(/_(bucket|sum|count)$/, "") === name);
  const labels = new Set(own.flatMap((sample) => Object.keys(sample.labels)));
  for (const added of ["service", "le", "quantile"]) labels.delete(added);
  const bounds = own.flatMap(({ labels: { le, quantile } }) => le ?? quantile ?? []);
  return { labels: [...labels].sort(), bounds: [...new Set(bounds)] };
}

const named = (naming: NamingPreset): Observed => observe({ metrics: { naming } });

async function textOf({ obs }: Observed): Promise<string> {
  return obs.metrics.registry.metrics();
}

/** The label values of every series of a family, as sorted JSON. */
function seriesOf(text: string, name: string): string[] {
  const series = parseExposition(text).filter((sample) => sample.name === name);
  return series
    .map(({ labels: { service, le, quantile, ...own } }) => JSON.stringify(own, Object.keys(own).sort()))
    .sort();
}

describe("express-prom-bundle", () => {
  it("exports what the library does for the same requests", async () => {
    const registry = new client.Registry();
    const service = await serveExpress(
      express,
      (app) => {
        const options = { includeMethod: true, includePath: true, autoregister: false };
        app.use(bundle({ ...options, promRegistry: registry as never }));
        app.get("/users/:id", (_req, res) => void res.send("hi"));
        app.post("/users", (_req, res) => void res.status(201).send("made"));
      },
      named("express-prom-bundle"),
    );
    await service.askAll(["/users/7", "/users/8"]);
    await service.ask("/users", { method: "POST" });
    const isHttp = (name: string) => name === "http_request_duration_seconds";
    await expect
      .poll(async () => seriesOf(await textOf(service), "http_request_duration_seconds_count").length)
      .toBe(2);
    const [ours, theirs] = [await textOf(service), await registry.metrics()];
    expect(familiesOf(ours, isHttp)).toEqual(familiesOf(theirs, isHttp));
    const name = "http_request_duration_seconds_count";
    expect(seriesOf(ours, name)).toEqual(seriesOf(theirs, name));
  });
});

describe("fastify-metrics", () => {
  it("exports what the library does for the same requests", async () => {
    const registry = new client.Registry();
    const app = fastify();
    const overrides = { histogram: { registers: [registry] }, summary: { registers: [registry] } };
    const service = await serveFastify(
      app as never,
      async (instance) => {
        await instance.register(
          metricsPlugin as never,
          {
            endpoint: null,
            defaultMetrics: { enabled: false },
            routeMetrics: { registeredRoutesOnly: false, overrides },
          } as never,
        );
        instance.get("/users/:id", () => "hi");
        instance.post("/users", (_req, reply) => reply.code(201).send("made"));
      },
      named("fastify-metrics"),
    );
    for (const path of ["/users/7", "/users/8", "/nope"]) await service.ask(path);
    await service.ask("/users", { method: "POST" });
    const isHttp = (name: string) => /^http_request_(duration|summary)_seconds$/.test(name);
    await expect
      .poll(async () => seriesOf(await textOf(service), "http_request_duration_seconds_count").length)
      .toBe(3);
    const [ours, theirs] = [await textOf(service), await registry.metrics()];
    expect(familiesOf(ours, isHttp)).toEqual(familiesOf(theirs, isHttp));
    for (const name of ["http_request_duration_seconds_count", "http_request_summary_seconds_count"])
      expect(seriesOf(ours, name)).toEqual(seriesOf(theirs, name));
  });
});

// What the libraries exported when they were run on the same requests; they are not among the dependencies.
const LIKE_API = ["code", "method", "path"];
const LIKE_PROMSTER = ["method", "path", "status_code"];

async function serveRecorded(naming: NamingPreset): Promise<{ text: string; observed: Observed }> {
  const service = await serveExpress(
    express,
    (app) => {
      const router = express.Router();
      router.get(
        "/users/:id",
        ({ params: { id } }, res) => void res.status(id === "500" ? 500 : 200).send("hi"),
      );
      router.post("/u", (_req, res) => res.redirect("/x"));
      app.use("/api", router);
    },
    named(naming),
  );
  await service.askAll(["/api/users/7", "/api/users/500", "/nope?x=1"]);
  await service.ask("/api/u", { method: "POST" });
  const settled = async () => {
    const samples = parseExposition(await textOf(service));
    const counters = service.obs.catalog.filter(({ name }) => name === "http_requests_total");
    const inFlight = service.obs.catalog.find(({ name }) => name === "http_requests_in_flight")?.exported;
    const sum = (name?: string) =>
      samples.filter((sample) => sample.name === name).reduce((total, { value }) => total + value, 0);
    return [sum(counters[0]?.exported), sum(inFlight)];
  };
  await expect.poll(settled, { timeout: 10_000 }).toEqual([4, 0]);
  return { text: await textOf(service), observed: service };
}

describe("swagger-stats", () => {
  it("exports the families of 0.99.7, in milliseconds, and its totals", async () => {
    const { text } = await serveRecorded("swagger-stats");
    const bounds = ["5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000", "+Inf"];
    const histogram = { type: "histogram", labels: LIKE_API, bounds };
    const total = { type: "counter", labels: [], bounds: [] };
    expect(familiesOf(text, (name) => name.startsWith("api_"))).toEqual({
      api_request_total: { type: "counter", labels: LIKE_API, bounds: [] },
      api_request_duration_milliseconds: histogram,
      api_request_size_bytes: histogram,
      api_response_size_bytes: histogram,
      api_all_request_total: total,
      api_all_success_total: total,
      api_all_errors_total: total,
      api_all_client_error_total: total,
      api_all_server_error_total: total,
      api_all_request_in_processing_total: { type: "gauge", labels: [], bounds: [] },
    });
    const totals = parseExposition(text).filter(({ name }) => name.startsWith("api_all_"));
    expect(Object.fromEntries(totals.map(({ name, value }) => [name, value]))).toEqual({
      api_all_request_total: 4,
      api_all_success_total: 1,
      api_all_errors_total: 2,
      api_all_client_error_total: 1,
      api_all_server_error_total: 1,
      api_all_request_in_processing_total: 0,
    });
    expect(seriesOf(text, "api_request_total")).toEqual([
      '{"code":"200","method":"GET","path":"/api/users/:id"}',
      '{"code":"302","method":"POST","path":"/api/u"}',
      '{"code":"404","method":"GET","path":"__unmatched__"}',
      '{"code":"500","method":"GET","path":"/api/users/:id"}',
    ]);
  });

  it("exports the memory of the process under its names", () => {
    const { obs } = named("swagger-stats");
    const exported = obs.catalog.map((entry) => entry.exported);
    expect(exported.filter((name) => name.startsWith("nodejs_process_memory_")).sort()).toEqual([
      "nodejs_process_memory_external_bytes",
      "nodejs_process_memory_heap_total_bytes",
      "nodejs_process_memory_heap_used_bytes",
      "nodejs_process_memory_rss_bytes",
    ]);
  });
});

describe("promster", () => {
  it("exports the families of @promster/express 14.0.0, its methods in lower case", async () => {
    const { text } = await serveRecorded("promster");
    const seconds = ["0.05", "0.1", "0.3", "0.5", "0.8", "1", "1.5", "2", "3", "10", "+Inf"];
    const bytes = "100000 200000 500000 1000000 1500000 2000000 3000000 5000000 10000000 +Inf".split(" ");
    const isTheirs =
      /^http_(requests_total|request_duration_seconds|(request|response)_content_length_bytes)$/;
    const histogram = (bounds: string[]) => ({ type: "histogram", labels: LIKE_PROMSTER, bounds });
    expect(familiesOf(text, (name) => isTheirs.test(name))).toEqual({
      http_requests_total: { type: "counter", labels: LIKE_PROMSTER, bounds: [] },
      http_request_duration_seconds: histogram(seconds),
      http_request_content_length_bytes: histogram(bytes),
      http_response_content_length_bytes: histogram(bytes),
    });
    expect(seriesOf(text, "http_requests_total")).toEqual([
      '{"method":"get","path":"/api/users/#val","status_code":"200"}',
      '{"method":"get","path":"/api/users/#val","status_code":"500"}',
      '{"method":"get","path":"__unmatched__","status_code":"404"}',
      '{"method":"post","path":"/api/u","status_code":"302"}',
    ]);
  });
});

describe("otel", () => {
  it("exports the HTTP conventions of OpenTelemetry", async () => {
    const { text } = await serveRecorded("otel");
    const duration = familiesOf(text, (name) => name === "http_server_request_duration_seconds");
    expect(duration).toEqual({
      http_server_request_duration_seconds: {
        type: "histogram",
        labels: [
          "error_type",
          "http_request_method",
          "http_response_status_code",
          "http_route",
          "network_protocol_version",
          "url_scheme",
        ],
        bounds: "0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf".split(" "),
      },
    });
    const common = { http_request_method: "GET", network_protocol_version: "1.1", url_scheme: "http" };
    const shown = seriesOf(text, "http_server_request_duration_seconds_count").map((one) => JSON.parse(one));
    expect(shown).toEqual(
      expect.arrayContaining([
        { ...common, error_type: "", http_response_status_code: "200", http_route: "/api/users/:id" },
        { ...common, error_type: "500", http_response_status_code: "500", http_route: "/api/users/:id" },
        { ...common, error_type: "", http_response_status_code: "404", http_route: "" },
      ]),
    );
    const names = [...text.matchAll(/^# TYPE (http_\S+) /gm)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "http_server_active_requests",
        "http_server_request_body_size_bytes",
        "http_server_response_body_size_bytes",
        "http_client_request_duration_seconds",
        "http_client_active_requests",
      ]),
    );
  });
});

describe("a vocabulary", () => {
  it("brings bounds that an option of the service replaces", async () => {
    const { obs } = observe({ metrics: { naming: "promster" }, http: { buckets: [7] } });
    const bucketsOf = (name: string) => obs.catalog.find((entry) => entry.name === name)?.buckets;
    expect(bucketsOf("http_request_duration_seconds")).toEqual([7]);
    expect(bucketsOf("http_request_size_bytes")).toContain(1_500_000);
  });

  it("goes behind the prefix, and a rename over it", () => {
    const rename = {
      http_requests_total: { name: "hits", labels: { route: "where", status: false } },
    } as const;
    const { obs } = observe({ prefix: "shop_", metrics: { naming: "promster", rename } });
    const entry = (name: string) => obs.catalog.find((one) => one.name === name);
    expect(entry("http_request_size_bytes")?.exported).toBe("shop_http_request_content_length_bytes");
    expect(entry("http_requests_total")).toMatchObject({
      exported: "hits",
      exportedLabels: ["method", "where"],
    });
  });

  it("tells once, at the first scrape, of a rename that nothing is declared for", async () => {
    const { obs, lines } = observe({ metrics: { rename: { typo_total: { name: "x" } } } });
    await obs.metrics.registry.metrics();
    const text = await obs.metrics.registry.metrics();
    await obs.close();
    expect(await obs.metrics.registry.metrics()).toContain(
      'telltale_errors_total{part="metrics",service="test"} 1',
    );
    expect(text).toContain("telltale_errors_total");
    const told = lines.filter((line) => JSON.stringify(line).includes("typo_total"));
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0])).toContain("expected names that metrics are declared with");
  });
});
