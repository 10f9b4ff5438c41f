import type { PushOptions } from "../metrics/push/types.js";
import { textMap } from "./kinds.js";
import { type Environment, refusal } from "./values.js";

const INTERVAL_MS = 60_000;
const PROTOCOL = "http/protobuf";
const METRICS_PATH = "/v1/metrics";

type Found = { -readonly [K in keyof PushOptions]?: PushOptions[K] };

/** What `metrics.push` comes to: nothing unless `to` is set, else with an interval. Throws where `to` is missing. */
export function configuredPush(given: Found, env: Environment): PushOptions | undefined {
  const [first] = Object.keys(given);
  if (first === undefined) return undefined;
  const { to } = given;
  if (to === undefined)
    throw refusal("option metrics.push.to", `where to push, as metrics.push.${first} is set`, undefined);
  const intervalMs = given.intervalMs ?? milliseconds(env, "OTEL_METRIC_EXPORT_INTERVAL") ?? INTERVAL_MS;
  return { ...given, to, intervalMs };
}

/**
 * What OpenTelemetry's variables say where the options leave it open; for OTLP only. Throws where they ask for a
 * protocol that is not spoken here.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function withOtlpEnvironment(options: PushOptions, env: Environment): PushOptions {
  if (options.to !== "otlp") return options;
  const compression = read(env, "COMPRESSION");
  const timeoutMs = milliseconds(env, "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT");
  return {
    ...options,
    url: options.url ?? endpointOf(env),
    headers: { ...headersOf(env), ...options.headers },
    gzip: options.gzip ?? compression === "gzip",
    timeoutMs: options.timeoutMs ?? timeoutMs,
  };
}

function endpointOf(env: Environment): string | undefined {
  const own = text(env, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
  const base = text(env, "OTEL_EXPORTER_OTLP_ENDPOINT");
  if (own === undefined && base === undefined) return undefined;
  const protocol = read(env, "PROTOCOL") ?? PROTOCOL;
  if (protocol !== PROTOCOL)
    throw refusal(
      "OTEL_EXPORTER_OTLP_PROTOCOL",
      `"${PROTOCOL}", or metrics.push.url for a port that speaks it`,
      protocol,
    );
  return own ?? `${base?.replace(/\/+$/, "")}${METRICS_PATH}`;
}

// The variable for metrics wins over the one for all signals.
function read(env: Environment, name: string): string | undefined {
  return text(env, `OTEL_EXPORTER_OTLP_METRICS_${name}`) ?? text(env, `OTEL_EXPORTER_OTLP_${name}`);
}

function headersOf(env: Environment): Readonly<Record<string, string>> {
  const parse = (name: string): object => textMap.parse?.(env[name] ?? "") as object;
  return { ...parse("OTEL_EXPORTER_OTLP_HEADERS"), ...parse("OTEL_EXPORTER_OTLP_METRICS_HEADERS") };
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function milliseconds(env: Environment, ...names: readonly string[]): number | undefined {
  const name = names.find((one) => text(env, one) !== undefined);
  if (name === undefined) return undefined;
  const value = Number(text(env, name));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw refusal(`environment variable ${name}`, "a whole number of at least 1", env[name]);
}
