import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compileTracing } from "./child.js";
import { receiveGrpc } from "./grpc-receiver.js";
import { closedPort, receiveAndHang, receiveHttp } from "./receiver.js";

const CLOSE_BOUND_MS = 5000;
const endpoints: Record<string, string> = {};
const cleanups: (() => unknown)[] = [];
let compiled: Compiled;

/** What a child tells of a collector that fails. */
interface Outcome {
  closeMs: number;
  stats: {
    exported: number;
    failed: number;
    queued: number;
    dropped: { circuit: number; failed: number; queue: number };
  };
  notes: string[];
}

/** The ways out, each with the protocol it is told. */
const WAYS = ["otlp", "otlp grpc", "jaeger", "zipkin"];

beforeAll(async () => {
  compiled = compileTracing();
  const [hung, broken] = [await receiveAndHang(), await receiveHttp(503)];
  const [hungGrpc, brokenGrpc] = [await receiveGrpc({ hang: true }), await receiveGrpc({ status: 14 })];
  cleanups.push(compiled.remove, hung.close, broken.close, hungGrpc.close, brokenGrpc.close);
  Object.assign(endpoints, {
    refused: `http://127.0.0.1:${await closedPort()}`,
    "refused grpc": `http://127.0.0.1:${await closedPort()}`,
    hung: hung.url,
    "hung grpc": hungGrpc.url,
    broken: broken.url,
    "broken grpc": brokenGrpc.url,
    "closed udp": `udp://127.0.0.1:${await closedPort()}`,
    "nowhere udp": "udp://nowhere.invalid:6832",
  });
});

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

function settingsFor(way: string, failure: string): object {
  const [exporter, protocol] = way.split(" ");
  const endpoint = endpoints[`${failure}${protocol === "grpc" ? " grpc" : ""}`];
  return { exporter, endpoint, ...(protocol !== undefined && { protocol }), batchDelayMs: 10 };
}

function outcomeOf(way: string, failure: string, exportTimeoutMs = 2000): Promise<Outcome> {
  const chosen = JSON.stringify({ ...settingsFor(way, failure), exportTimeoutMs });
  return compiled.run(`
    const tracing = createTracing({ ...settings, ...${chosen} }, note);
    for (let round = 0; round < 10; round++) {
      for (let at = 0; at < 60; at++) tracing.tracer.startSpan("a").end();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const start = performance.now();
    await Promise.all([tracing.close(), tracing.close()]);
    tell({ closeMs: performance.now() - start, stats: tracing.stats(), notes });
  `) as Promise<Outcome>;
}

describe.concurrent.each(WAYS)("a failing collector of %s", (way) => {
  it.each(["refused", "hung", "broken"])(
    "that is %s costs the service nothing: no throw, a bounded close, an exit by itself",
    async (failure) => {
      const { closeMs, stats, notes } = await outcomeOf(way, failure);
      expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
      expect(stats.exported).toBe(0);
      expect(stats.failed).toBeGreaterThan(0);
      expect(stats.dropped.circuit + stats.dropped.failed + stats.dropped.queue).toBe(600);
      expect(stats.queued).toBe(0);
      expect(notes.filter((line) => line.startsWith("tracing.export"))).toHaveLength(1);
    },
  );

  it.each(["hung", "broken"])(
    "that is %s is cut off on close, however long an export may take",
    async (failure) => {
      const { closeMs, stats } = await outcomeOf(way, failure, 60_000);
      expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
      expect(stats.failed + stats.dropped.circuit + stats.dropped.queue).toBe(600);
    },
  );

  it("does not hold a process that never calls close()", async () => {
    const done = await compiled.run(`
      const tracing = createTracing({ ...settings, ...${JSON.stringify(settingsFor(way, "hung"))} }, note);
      tracing.tracer.startSpan("a").end();
      tell("done");
    `);
    expect(done).toBe("done");
  });
});

describe.concurrent("a Jaeger agent", () => {
  it("that nobody listens for loses its packets without a word, as UDP does", async () => {
    const { closeMs, stats, notes } = await outcomeOf("jaeger", "closed udp");
    expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
    expect(stats.exported + stats.dropped.failed + stats.dropped.circuit).toBe(600);
    expect(notes.length).toBeLessThanOrEqual(1);
  });

  it("whose name means nothing costs the service nothing", async () => {
    const { closeMs, stats, notes } = await outcomeOf("jaeger", "nowhere udp");
    expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
    expect(stats.exported).toBe(0);
    expect(stats.dropped.circuit + stats.dropped.failed + stats.dropped.queue).toBe(600);
    expect(notes.filter((line) => line.startsWith("tracing.export"))).toHaveLength(1);
  });
});

describe.concurrent("one process with every exporter", () => {
  it("sends by the good ones and exits although the others hang", async () => {
    const good = await receiveHttp(202);
    cleanups.push(good.close);
    const exporter = JSON.stringify([
      { type: "otlp", endpoint: endpoints["hung"] },
      { type: "otlp", protocol: "grpc", endpoint: endpoints["hung grpc"] },
      { type: "jaeger", endpoint: endpoints["hung"] },
      { type: "zipkin", endpoint: good.url },
      { type: "jaeger", endpoint: good.url },
    ]);
    const { closeMs, stats } = (await compiled.run(`
      const tracing = createTracing({ ...settings, exporter: ${exporter}, exportTimeoutMs: 60_000 }, note);
      for (let at = 0; at < 600; at++) tracing.tracer.startSpan("a").end();
      const start = performance.now();
      await tracing.close();
      tell({ closeMs: performance.now() - start, stats: tracing.stats(), notes });
    `)) as Outcome;
    expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
    expect([stats.exported, stats.failed]).toEqual([1200, 1800]);
    expect(good.received.map(({ url }) => url).sort()).toEqual([
      "/api/traces",
      "/api/traces",
      "/api/v2/spans",
      "/api/v2/spans",
    ]);
  });
});

describe.concurrent("the SDK", () => {
  const loadedBy = (settings: string): Promise<unknown> =>
    compiled.run(`
      const tracing = createTracing(${settings}, note);
      const span = tracing.tracer.startSpan("a");
      span.end();
      const { propagation, context } = require("@opentelemetry/api");
      propagation.extract(context.active(), { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: "a=1" });
      await tracing.close();
      const loaded = Object.keys(require.cache).flatMap((path) => /node_modules.(@opentelemetry.[^/\\\\]+|jaeger-client|thriftrw)/.exec(path)?.[1] ?? []);
      tell([...new Set(loaded)].map((name) => name.replace("@opentelemetry/", "")).sort());
    `);

  it.each([
    "false",
    "{ ...settings, exporter: 'none' }",
    "{ ...settings, exporter: 'none', instrumentations: [] }",
  ])("is not loaded for %s", async (settings) => {
    expect(await loadedBy(settings)).toEqual(["api"]);
  });

  it("is loaded with the chosen exporter's package only", async () => {
    const otlp = await loadedBy("{ ...settings, exporter: 'otlp', endpoint: 'http://127.0.0.1:9' }");
    expect(otlp).toEqual(expect.arrayContaining(["sdk-trace", "exporter-trace-otlp-proto"]));
    expect(otlp).not.toContain("exporter-jaeger");
    expect(otlp).not.toContain("sdk-node");
    const jaeger = await loadedBy("{ ...settings, exporter: 'jaeger', endpoint: 'http://127.0.0.1:9' }");
    expect(jaeger).toEqual(expect.arrayContaining(["sdk-trace", "exporter-jaeger", "thriftrw"]));
    expect(jaeger).not.toContain("exporter-trace-otlp-proto");
  });
});
