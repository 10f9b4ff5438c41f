import type { SinkOptions } from "../logging/index.js";
import { textMap } from "./kinds.js";
import type { Environment } from "./values.js";

const LOGS_PATH = "/v1/logs";

/**
 * Sinks with what OpenTelemetry's variables say where an `otlp` one leaves it open.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function configuredSinks(sinks: readonly SinkOptions[], env: Environment): readonly SinkOptions[] {
  return sinks.map((sink) => {
    if (sink?.to !== "otlp") return sink;
    const url = sink.url ?? endpointOf(env);
    const headers = { ...headersOf(env), ...sink.headers };
    return { ...sink, headers, ...(url === undefined ? {} : { url }) };
  });
}

function endpointOf(env: Environment): string | undefined {
  const own = env["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"]?.trim();
  const base = env["OTEL_EXPORTER_OTLP_ENDPOINT"]?.trim();
  if (own) return own;
  return base ? base.replace(/\/+$/, "") + LOGS_PATH : undefined;
}

function headersOf(env: Environment): Readonly<Record<string, string>> {
  const parse = (name: string): object => textMap.parse?.(env[name] ?? "") as object;
  return { ...parse("OTEL_EXPORTER_OTLP_HEADERS"), ...parse("OTEL_EXPORTER_OTLP_LOGS_HEADERS") };
}
