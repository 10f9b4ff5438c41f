import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compileTracing } from "./child.js";
import { closedPort, receiveAndHang, receiveHttp } from "./receiver.js";

const CLOSE_BOUND_MS = 5000;
const endpoints: Record<string, string> = {};
const cleanups: (() => unknown)[] = [];
let compiled: Compiled;

/** What a child tells of a collector that fails. */
interface Outcome {
  closeMs: number;
  stats: { exported: number; failed: number; dropped: { circuit: number; failed: number; queue: number } };
  notes: string[];
}

beforeAll(async () => {
  compiled = compileTracing();
  const [hung, broken] = [await receiveAndHang(), await receiveHttp(503)];
  cleanups.push(compiled.remove, hung.close, broken.close);
  Object.assign(endpoints, {
    refused: `http://127.0.0.1:${await closedPort()}`,
    hung: hung.url,
    broken: broken.url,
  });
});

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

function outcomeOf(exporter: string, endpoint: string, exportTimeoutMs = 2000): Promise<Outcome> {
  const chosen = JSON.stringify({ exporter, endpoint, exportTimeoutMs, batchDelayMs: 10 });
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

describe.concurrent.each(["otlp", "jaeger"])("a failing collector of %s", (exporter) => {
  it.each(["refused", "hung", "broken"])(
    "that is %s costs the service nothing: no throw, a bounded close, an exit by itself",
    async (failure) => {
      const { closeMs, stats, notes } = await outcomeOf(exporter, endpoints[failure] as string);
      expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
      expect(stats.exported).toBe(0);
      expect(stats.failed).toBeGreaterThan(0);
      expect(stats.dropped.circuit + stats.dropped.failed + stats.dropped.queue).toBe(600);
      expect(notes.filter((line) => line.startsWith("tracing.export"))).toHaveLength(1);
    },
  );

  it.each(["hung", "broken"])(
    "that is %s is cut off on close, however long an export may take",
    async (failure) => {
      const { closeMs, stats } = await outcomeOf(exporter, endpoints[failure] as string, 60_000);
      expect(closeMs).toBeLessThan(CLOSE_BOUND_MS);
      expect(stats.failed + stats.dropped.circuit + stats.dropped.queue).toBe(600);
    },
  );
});

describe.concurrent("a process that never calls close()", () => {
  it.each(["otlp", "jaeger"])("ends by itself although %s has spans to send", async (exporter) => {
    const done = await compiled.run(`
      const tracing = createTracing({ ...settings, exporter: "${exporter}", endpoint: "${endpoints.hung}" }, note);
      tracing.tracer.startSpan("a").end();
      tell("done");
    `);
    expect(done).toBe("done");
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
