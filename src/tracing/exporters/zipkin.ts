import type { ExportResult } from "@opentelemetry/core";
import { createAgent, retireAgent } from "./agent.js";
import { zipkinUrl } from "./endpoint.js";
import type { Exporter, ExporterSetup } from "./exporter.js";
import { post } from "./post.js";

/** What of ZipkinExporter 2.11.0 is not public, and used. */
interface Internals {
  readonly _urlStr: string;
  _send(spans: ZipkinSpan[], done: (result: ExportResult) => void): void;
}

/** The part of a span that is put right. */
interface ZipkinSpan {
  readonly timestamp: number;
  readonly duration: number;
}

/** Zipkin's JSON, version 2, by `@opentelemetry/exporter-zipkin`. */
export function createZipkinExporter({ target }: ExporterSetup): Exporter {
  const { ZipkinExporter } =
    require("@opentelemetry/exporter-zipkin") as typeof import("@opentelemetry/exporter-zipkin");
  const { endpoint, headers, timeoutMs } = target;
  const inner = new ZipkinExporter(endpoint === undefined ? {} : { url: zipkinUrl(endpoint) });
  const internals = inner as unknown as Internals;
  const url = new URL(internals._urlStr);
  const agent = createAgent(url.protocol);
  // The exporter's own sending has no limit of time and shares the agent of the service.
  internals._send = (spans, done) =>
    post(JSON.stringify(spans.map(inWholeMicroseconds)), done, {
      url,
      agent,
      timeoutMs,
      headers: { "content-type": "application/json", ...headers },
    });
  const destroy = (): void => retireAgent(agent);
  return {
    export: (spans, done) => inner.export(spans, done),
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown().finally(destroy),
    destroy,
  };
}

// Zipkin refuses a fraction, and takes a span of 0 for one that has not ended.
function inWholeMicroseconds(span: ZipkinSpan): ZipkinSpan {
  return { ...span, timestamp: Math.round(span.timestamp), duration: Math.max(1, span.duration) };
}
