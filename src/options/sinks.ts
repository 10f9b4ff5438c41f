import type { SinkOptions } from "../logging/index.js";
import { integer, textMap } from "./kinds.js";
import { resourceOf } from "./tracing.js";
import { type Environment, refusal } from "./values.js";

const LOGS_PATH = "/v1/logs";
const PROTOCOL = "http/json";
const timeout = integer(1);

type OtlpSink = Extract<SinkOptions, { to: "otlp" }>;

/** Sinks, and what the environment asks of them in vain. */
export interface ConfiguredSinks {
  readonly sinks: readonly SinkOptions[];
  readonly complaints: readonly string[];
}

/**
 * Sinks with what OpenTelemetry's variables say where an `otlp` one leaves it open. Throws on a timeout that is none.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function configuredSinks(sinks: readonly SinkOptions[], env: Environment): ConfiguredSinks {
  const hasOtlp = sinks.some((sink) => sink?.to === "otlp");
  return {
    sinks: sinks.map((sink) => (sink?.to === "otlp" ? { ...sink, ...otlpDefaults(sink, env) } : sink)),
    complaints: hasOtlp ? complaintsOf(env) : [],
  };
}

function otlpDefaults(sink: OtlpSink, env: Environment): Omit<OtlpSink, "to"> {
  const url = sink.url ?? endpointOf(env);
  const timeoutMs = sink.timeoutMs ?? timeoutOf(env);
  return {
    headers: { ...headersOf(env), ...sink.headers },
    resource: { ...resourceOf(env), ...sink.resource },
    ...(url === undefined ? {} : { url }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
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

function timeoutOf(env: Environment): number | undefined {
  const name = nameOf("TIMEOUT", env);
  if (name === undefined) return undefined;
  const value = timeout.parse?.(env[name] as string);
  if (!timeout.accepts(value)) throw refusal(`environment variable ${name}`, timeout.expected, env[name]);
  return value as number;
}

function complaintsOf(env: Environment): string[] {
  const name = nameOf("PROTOCOL", env);
  const asked = name && env[name]?.trim().toLowerCase();
  return asked === undefined || asked === PROTOCOL
    ? []
    : [`${name} asks for ${asked}: log lines go as ${PROTOCOL}, the only protocol of the otlp sink`];
}

/** The variable that counts: the one for logs where it is set, else the one for all signals. */
function nameOf(ending: string, env: Environment): string | undefined {
  const names = [`OTEL_EXPORTER_OTLP_LOGS_${ending}`, `OTEL_EXPORTER_OTLP_${ending}`];
  return names.find((name) => (env[name]?.trim() ?? "") !== "");
}
