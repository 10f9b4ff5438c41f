import type { Agent } from "node:http";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { NamedTarget } from "../targets.js";
import { createAgent, retireAgent } from "./agent.js";
import { otlpUrl } from "./endpoint.js";
import type { Exporter, ExporterSetup } from "./exporter.js";
import { createGrpcExporter } from "./otlp-grpc.js";
import { readTlsFiles } from "./tls.js";

type HttpOptions = NonNullable<
  ConstructorParameters<typeof import("@opentelemetry/exporter-trace-otlp-proto").OTLPTraceExporter>[0]
>;

/** OTLP, the protocol that every current collector takes, Jaeger itself included: over HTTP with protobuf or JSON, or over gRPC. */
export function createOtlpExporter(setup: ExporterSetup): Exporter {
  return setup.target.protocol === "grpc" ? createGrpcExporter(setup) : createHttpExporter(setup);
}

function createHttpExporter({ target, note }: ExporterSetup): Exporter {
  let agent: Agent | undefined;
  const inner = openInner(target, {
    ...urlOf(target),
    headers: { ...target.headers },
    timeoutMillis: target.timeoutMs,
    ...(target.compression !== undefined && {
      compression: target.compression as NonNullable<HttpOptions["compression"]>,
    }),
    httpAgentOptions: (protocol) => {
      agent ??= createAgent(protocol, () => readTlsFiles(target, (error) => note("tracing", error)));
      return agent;
    },
  });
  const destroy = (): void => {
    if (agent !== undefined) retireAgent(agent);
  };
  return {
    export: (spans, done) => inner.export(spans, done),
    forceFlush: async () => inner.forceFlush?.(),
    shutdown: () => inner.shutdown().finally(destroy),
    destroy,
  };
}

function openInner({ protocol }: NamedTarget, options: HttpOptions): SpanExporter {
  if (protocol === "http/json") {
    const { OTLPTraceExporter } =
      require("@opentelemetry/exporter-trace-otlp-http") as typeof import("@opentelemetry/exporter-trace-otlp-http");
    return new OTLPTraceExporter(options);
  }
  const { OTLPTraceExporter } =
    require("@opentelemetry/exporter-trace-otlp-proto") as typeof import("@opentelemetry/exporter-trace-otlp-proto");
  return new OTLPTraceExporter(options);
}

function urlOf({ endpoint, exact }: NamedTarget): { url?: string } {
  return endpoint === undefined ? {} : { url: otlpUrl(endpoint, exact) };
}
