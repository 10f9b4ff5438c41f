import { createServer } from "node:http";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { Registry, type RegistryContentType } from "prom-client";
import { describe, expect, it } from "vitest";
import type { ObservabilityOptions } from "../src/index.js";
import { listen, observe } from "./support/service.js";

type Seen = Readonly<Record<string, string>>;

/** Serves one request and its one outgoing request; answers the exemplars by family, and the spans by kind. */
async function scrape(options: ObservabilityOptions) {
  const { obs, spans, settled } = observe({ ...options, http: { outgoing: true } });
  const { url } = await listen(createServer(obs.http((_req, res) => void res.end("ok"))));
  await (await fetch(url)).text();
  await settled(1);
  (obs.metrics.registry as Registry<RegistryContentType>).setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const text = await obs.metrics.registry.metrics();
  const seen: Record<string, Seen> = {};
  for (const [, name = "", labels = ""] of text.matchAll(/^(\w+)\{.*\} \S+ # \{(.*)\} \S+ \S+$/gm))
    seen[name] = Object.fromEntries(
      [...labels.matchAll(/(\w+)="(\w+)"/g)].map(([, key, value]) => [key, value]),
    );
  return { seen, spans };
}

const idsOf = (span: ReadableSpan | undefined): Seen => {
  const { traceId, spanId } = span?.spanContext() ?? { traceId: "", spanId: "" };
  return { trace_id: traceId, span_id: spanId };
};

describe("the duration of a request", () => {
  it("leads to its span, on the server's side and the client's", async () => {
    const { seen, spans } = await scrape({});
    const [server, client] = ["GET", "GET"].map((_verb, i) => spans.find(({ kind }) => kind === i + 1));
    expect(seen["http_request_duration_seconds_bucket"]).toEqual(idsOf(server));
    expect(seen["http_client_request_duration_seconds_bucket"]?.["trace_id"]).toBe(idsOf(client)["trace_id"]);
    expect(Object.keys(seen).sort()).toEqual([
      "http_client_request_duration_seconds_bucket",
      "http_request_duration_seconds_bucket",
    ]);
  });

  it.each([
    ["kept", 0.001, 2],
    ["dropped", 3_600_000, 0],
  ])("with a tail, leads to a trace that is %s, or nowhere", async (_fate, slowMs, count) => {
    const exported: ReadableSpan[] = [];
    const exporter: SpanExporter = {
      export: (spans, done) => {
        exported.push(...spans);
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    };
    const tracing = { exporter, sampleRatio: 0, batchDelayMs: 1, sampling: { tail: { slowMs } } };
    const { seen } = await scrape({ tracing });
    expect(Object.keys(seen)).toHaveLength(count);
    await expect.poll(() => exported.length >= count, { timeout: 5000 }).toBe(true);
    const known = exported.map((span) => span.spanContext().traceId);
    for (const { trace_id } of Object.values(seen)) expect(known).toContain(trace_id);
  });

  it.each<[string, ObservabilityOptions]>([
    ["is not sampled", { tracing: { exporter: "console", sampleRatio: 0 } }],
    ["is exported nowhere", { tracing: { exporter: "none" } }],
    ["is not traced", { tracing: false }],
    ["is traced, but exemplars are off", { metrics: { exemplars: false } }],
  ])("leads nowhere when it %s", async (_why, options) => {
    expect((await scrape(options)).seen).toEqual({});
  });
});
