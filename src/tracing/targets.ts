import type { SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { ObservabilityError } from "../errors.js";
import { checkExporterOptions, describe, refused } from "./target-options.js";
import type { ExporterName, ExporterOptions, ExporterSettings, Transport } from "./types.js";

const NAMES: readonly string[] = ["console", "jaeger", "otlp", "zipkin"] satisfies ExporterName[];
const wanted = (isInList: boolean): string =>
  [
    `one of ${[...(isInList ? [] : ["none"]), ...NAMES].join(", ")}`,
    `an object { type: ${NAMES.map((name) => `"${name}"`).join(" | ")}, … }`,
    "a SpanExporter or SpanProcessor of the OpenTelemetry SDK",
    ...(isInList ? [] : ["an array of these"]),
  ].join(", or ");

/** An exporter by name with all that it needs to know. */
export interface NamedTarget extends Transport {
  readonly type: ExporterName;
  readonly endpoint: string | undefined;
  /** True when the environment gave the endpoint: then it is used to the letter. */
  readonly exact: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** One way out: by name, or what the user handed in. */
export type Target =
  | { readonly kind: "named"; readonly name: string; readonly named: NamedTarget }
  | { readonly kind: "exporter"; readonly name: string; readonly exporter: SpanExporter }
  | { readonly kind: "processor"; readonly name: string; readonly processor: SpanProcessor };

const EXPORT_TIMEOUT_MS = 2000;

/** Every way out that the settings ask for, each under a name of its own. Throws ObservabilityError when one is not one. */
export function resolveTargets(settings: ExporterSettings): Target[] {
  const given: readonly unknown[] = Array.isArray(settings.exporter)
    ? settings.exporter
    : [settings.exporter];
  if (given.length === 0) throw refused("tracing.exporter", wanted(false), "an empty array");
  const names = uniqueNames();
  const targets = given.map((value, at): Target => {
    const where = Array.isArray(settings.exporter) ? `tracing.exporter[${at}]` : "tracing.exporter";
    if (isProcessor(value)) return { kind: "processor", name: names("custom"), processor: value };
    if (isExporter(value)) return { kind: "exporter", name: names("custom"), exporter: value };
    const options = readOptions(value, where);
    return { kind: "named", name: names(options.type), named: complete(options, settings) };
  });
  checkEndpoint(settings, targets);
  return targets;
}

function readOptions(value: unknown, where: string): ExporterOptions {
  if (typeof value === "string" && NAMES.includes(value)) return { type: value as ExporterName };
  if (typeof value !== "object" || value === null || !("type" in value))
    throw refused(where, wanted(where.endsWith("]")), describe(value));
  return checkExporterOptions(value, where, NAMES);
}

function complete(options: ExporterOptions, settings: ExporterSettings): NamedTarget {
  const { protocol, compression, certificate, clientCertificate, clientKey } = settings;
  const shared = { protocol, compression, certificate, clientCertificate, clientKey };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged = { ...shared, ...given } as ExporterOptions;
  const own = options.endpoint ?? settings.endpoint;
  return {
    ...merged,
    endpoint: own ?? endpointOf(merged, settings),
    exact: own === undefined,
    headers: options.headers ?? settings.headers,
    timeoutMs: options.timeoutMs ?? settings.exportTimeoutMs ?? EXPORT_TIMEOUT_MS,
  };
}

function endpointOf({ type, protocol }: ExporterOptions, { endpoints = {} }: ExporterSettings) {
  if (type === "console") return undefined;
  return endpoints[type === "otlp" && protocol === "grpc" ? "grpc" : type];
}

// One address cannot be right for two exporters.
function checkEndpoint({ endpoint, exporter }: ExporterSettings, targets: readonly Target[]): void {
  if (endpoint === undefined || !Array.isArray(exporter)) return;
  const without = targets.filter(
    (target, at) => target.kind === "named" && target.named.type !== "console" && !hasEndpoint(exporter[at]),
  );
  if (without.length < 2) return;
  throw new ObservabilityError(
    "TELLTALE_OPTION",
    `tracing.endpoint is given for ${without.map(({ name }) => name).join(" and ")}: expected an endpoint for each, as in { type: "${without[0]?.name}", endpoint: "…" }`,
  );
}

function hasEndpoint(value: unknown): boolean {
  return typeof value === "object" && value !== null && "endpoint" in value && value.endpoint !== undefined;
}

// otlp, otlp-2, …: the names are labels of the metrics that tell of them.
function uniqueNames(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  };
}

function isExporter(value: unknown): value is SpanExporter {
  return hasMethods(value, ["export", "shutdown"]);
}

function isProcessor(value: unknown): value is SpanProcessor {
  return hasMethods(value, ["onStart", "onEnd", "shutdown"]);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}
