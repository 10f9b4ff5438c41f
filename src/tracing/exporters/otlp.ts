import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import type { AgentOptions } from "node:https";
import { otlpUrl } from "./endpoint.js";
import type { Exporter, ExporterSetup } from "./exporter.js";

/** OTLP over HTTP with protobuf, the protocol that every current collector takes; Jaeger itself on port 4318. */
export function createOtlpExporter({ settings, timeoutMs, note }: ExporterSetup): Exporter {
  const { OTLPTraceExporter } =
    require("@opentelemetry/exporter-trace-otlp-proto") as typeof import("@opentelemetry/exporter-trace-otlp-proto");
  let agent: Agent | undefined;
  const inner = new OTLPTraceExporter({
    ...(settings.endpoint !== undefined && { url: otlpUrl(settings.endpoint) }),
    headers: { ...settings.headers },
    timeoutMillis: timeoutMs,
    // An agent of our own, so that close() can cut what a hung collector holds.
    httpAgentOptions: (protocol) => {
      agent ??= createAgent(protocol, (error) => note("tracing", error));
      return agent;
    },
  });
  const destroy = (): void => {
    if (agent !== undefined) retire(agent);
  };
  return {
    export: (spans, done) => inner.export(spans, done),
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown().finally(destroy),
    destroy,
  };
}

// The exporter may be waiting to try again: it must find a closed door, not a collector that hangs once more.
function retire(agent: Agent): void {
  const refuse = (_options: unknown, done: (error: Error) => void): void =>
    done(new Error("the exporter is closed"));
  Object.assign(agent, { createConnection: refuse });
  agent.destroy();
}

function createAgent(protocol: string, complain: (error: unknown) => void): Agent {
  if (protocol === "http:")
    return new (require("node:http") as typeof import("node:http")).Agent({ keepAlive: true });
  const { Agent: TlsAgent } = require("node:https") as typeof import("node:https");
  return new TlsAgent({ keepAlive: true, ...tlsFromEnvironment(complain) });
}

// The exporter reads these three only into an agent of its own.
function tlsFromEnvironment(complain: (error: unknown) => void): AgentOptions {
  const read = (name: string): { [option: string]: Buffer } | undefined => {
    const path =
      process.env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || process.env[`OTEL_EXPORTER_OTLP_${name}`];
    if (path === undefined || path === "") return undefined;
    try {
      return { [TLS_OPTION[name] ?? name]: readFileSync(path) };
    } catch (error) {
      complain(error);
      return undefined;
    }
  };
  return { ...read("CERTIFICATE"), ...read("CLIENT_CERTIFICATE"), ...read("CLIENT_KEY") };
}

const TLS_OPTION: { readonly [variable: string]: string } = {
  CERTIFICATE: "ca",
  CLIENT_CERTIFICATE: "cert",
  CLIENT_KEY: "key",
};
