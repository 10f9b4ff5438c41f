import type { EnvironmentEndpoints } from "../tracing/types.js";
import { textMap } from "./kinds.js";
import type { Environment } from "./values.js";

/** What the environment says about tracing beyond one variable an option. */
export interface TracingDefaults {
  readonly exporter: "jaeger" | "none" | "otlp" | "zipkin";
  readonly endpoints: EnvironmentEndpoints;
}

const first = (env: Environment, names: readonly string[]): string | undefined =>
  names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== "");

/** True when tracing is switched off from outside. */
export function isTracingOff(env: Environment): boolean {
  return (
    env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true" ||
    /^(false|0|off|no)$/i.test(env["TELLTALE_TRACING"] ?? "")
  );
}

/** OTEL_RESOURCE_ATTRIBUTES: `name=value,…`, values percent-decoded. */
export function resourceAttributes(env: Environment): Record<string, string> {
  return textMap.parse?.(env["OTEL_RESOURCE_ATTRIBUTES"] ?? "") as Record<string, string>;
}

/** The same without the name of the service: one that is set by itself wins over it. */
export function resourceOf(env: Environment): Record<string, string> {
  const { "service.name": _service, ...attributes } = resourceAttributes(env);
  return attributes;
}

/** The exporter and the collectors that follow where the options leave them open. */
export function tracingDefaults(
  env: Environment,
  given: { readonly endpoint?: string | undefined },
): TracingDefaults {
  const endpoints = endpointsOf(env);
  const named = (["jaeger", "otlp", "zipkin"] as const).find((name) => endpoints[name] !== undefined);
  return {
    exporter: given.endpoint === undefined ? (named ?? "none") : "otlp",
    endpoints,
  };
}

function endpointsOf(env: Environment): EnvironmentEndpoints {
  const traces = first(env, ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]);
  const base = first(env, ["OTEL_EXPORTER_OTLP_ENDPOINT"]);
  return {
    jaeger: first(env, ["JAEGER_ENDPOINT", "OTEL_EXPORTER_JAEGER_ENDPOINT"]) ?? jaegerAgent(env),
    zipkin: first(env, ["OTEL_EXPORTER_ZIPKIN_ENDPOINT"]),
    otlp: traces ?? (base && `${base.replace(/\/+$/, "")}/v1/traces`),
    grpc: traces ?? base,
  };
}

function jaegerAgent(env: Environment): string | undefined {
  const host = first(env, ["OTEL_EXPORTER_JAEGER_AGENT_HOST"]);
  return host && `udp://${host}:${first(env, ["OTEL_EXPORTER_JAEGER_AGENT_PORT"]) ?? "6832"}`;
}
