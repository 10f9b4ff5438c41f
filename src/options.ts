import type { HttpSettings } from "./collectors/http/settings.js";
import type { HealthSettings } from "./health/index.js";
import type { ShutdownSettings } from "./health/shutdown/settings.js";
import type { LoggingSettings, SampleSettings } from "./logging/index.js";
import type { ListenOptions } from "./management.js";
import type { ClientModule } from "./metrics/clients/client-shape.js";
import { presetOf } from "./metrics/naming/presets/index.js";
import type { PushOptions } from "./metrics/push/types.js";
import type { MetricsSettings } from "./metrics/types.js";
import { completeHealth, type HealthOptions } from "./options/health.js";
import { propagatorsOf } from "./options/propagators.js";
import { configuredPush } from "./options/push.js";
import { type SamplingOptions, type SamplingTree, samplingOf, withTailEnabled } from "./options/sampling.js";
import { completeShutdown, expandShutdown, type ReadShutdown } from "./options/shutdown.js";
import { configuredSinks } from "./options/sinks.js";
import { OPTION_ROWS, type OptionRow } from "./options/table.js";
import { isTracingOff, resourceAttributes, resourceOf, tracingDefaults } from "./options/tracing.js";
import { type Environment, readOption, refusal, rejectUnknown } from "./options/values.js";
import type { SpanLimits, TracingSettings } from "./tracing/index.js";

export type { Environment } from "./options/values.js";

/** Every field optional. */
type Loose<T> = { -readonly [K in keyof T]?: T[K] | undefined };
type TracingOptions = Loose<
  Omit<
    TracingSettings,
    "service" | "version" | "environment" | "endpoints" | "out" | "limits" | "sampling" | "complaints"
  >
> & { sampling?: SamplingOptions | undefined; limits?: Loose<SpanLimits> | undefined };

/** What `createObservability()` takes. Each field with its default and environment variable: docs/options.md. */
export interface ObservabilityOptions {
  /** Name of the service. Required, here or as TELLTALE_SERVICE or OTEL_SERVICE_NAME. */
  service?: string | undefined;
  version?: string | undefined;
  environment?: string | undefined;
  prefix?: string | undefined;
  labels?: Record<string, string> | undefined;
  metrics?:
    | (Loose<Omit<Settings["metrics"], "push">> & { push?: Loose<PushOptions> | undefined })
    | undefined;
  logging?:
    | Loose<
        Pick<
          LoggingSettings,
          "level" | "levels" | "format" | "gcpProject" | "clientAddress" | "destination" | "sinks" | "redact"
        > & { sample: Loose<SampleSettings> }
      >
    | undefined;
  tracing?: false | TracingOptions | undefined;
  health?: HealthOptions | undefined;
  management?: Loose<Omit<ListenOptions, "authorize">> | undefined;
  http?:
    | (Loose<Omit<HttpSettings, "outgoing" | "clientAddress">> & {
        outgoing?: boolean | Loose<HttpSettings["outgoing"]> | undefined;
      })
    | undefined;
}

/** The options after environment and defaults, complete and checked. */
export interface Settings {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly metrics: Required<
    Pick<
      MetricsSettings,
      | "maxSeriesPerFamily"
      | "maxValuesPerLabel"
      | "ttlMs"
      | "nativeHistograms"
      | "exemplars"
      | "collectTimeoutMs"
      | "naming"
      | "rename"
    >
  > & {
    readonly maxScrapes: number;
    readonly client?: ClientModule;
    readonly push?: PushOptions;
    /** Name of the processes that belong together; false for none, undefined to detect them. */
    readonly group?: string | false;
    readonly groupTimeoutMs: number;
    /** Shows worker threads together with the main thread. */
    readonly threads: boolean;
    /** Whether the process and the runtime are observed. */
    readonly process: boolean;
  };
  readonly logging: LoggingSettings;
  readonly tracing: false | TracingSettings;
  readonly health: HealthSettings & { readonly shutdown: ShutdownSettings };
  readonly http: HttpSettings;
  /** Where the management port listens unless `listen()` is told. */
  readonly management: { readonly port: number; readonly host?: string };
}

/** Turns options into settings: the value given, else the environment's, else the default. Throws on the first bad one. */
export function resolveOptions(options: ObservabilityOptions, env: Environment): Settings {
  rejectUnknown(options);
  rejectTrue(options.tracing);
  const tree = readTree(options, env);
  tree["service"] ??= resourceAttributes(env)["service.name"];
  if (tree["service"] === undefined)
    throw refusal(
      "option service",
      "the name of the service (or TELLTALE_SERVICE, OTEL_SERVICE_NAME)",
      undefined,
    );
  const off = options.tracing === false || isTracingOff(env);
  return complete(tree as unknown as Settings, off, env);
}

// The three lower floors each carry who speaks: they do not know of the options above them.
function complete(tree: Settings, tracingOff: boolean, env: Environment): Settings {
  const { service, version, environment } = tree;
  const who = {
    service,
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { environment }),
  };
  const tracing = tree.tracing as TracingSettings;
  const open = tracingDefaults(env, tracing);
  const sampling = samplingOf(tracing.sampling as SamplingTree, tracing.sampleRatio, env);
  const propagation = propagatorsOf(tracing.propagators, env);
  const { push: given = {}, ...metrics } = tree.metrics;
  const push = configuredPush(given, env);
  const format = process.stdout.isTTY === true && printsOnly(tree.logging) ? "pretty" : "json";
  return {
    ...tree,
    metrics: { ...metrics, ...(push === undefined ? {} : { push }) },
    labels: tree.prefix === "" ? { service, ...tree.labels } : tree.labels,
    logging: { ...withSinks(tree.logging, env), format: tree.logging.format ?? format, ...who },
    tracing: tracingOff
      ? false
      : {
          ...open,
          ...tracing,
          ...sampling,
          ...propagation,
          complaints: [...sampling.complaints, ...propagation.complaints],
          ...who,
          resource: { ...resourceOf(env), ...tracing.resource },
        },
    health: {
      ...completeHealth(tree.health, who),
      shutdown: completeShutdown(tree.health.shutdown as ReadShutdown, env),
    },
    http: completeHttp(tree),
  };
}

// The line of a request is the log's, and so is what it may tell.
function completeHttp({ http, logging, metrics }: Settings): HttpSettings {
  const labels = { ...presetOf(metrics.naming).requestLabels, ...http.labels };
  return { ...http, clientAddress: logging.clientAddress, labels };
}

function withSinks(logging: LoggingSettings, env: Environment): LoggingSettings {
  const { sinks } = logging;
  return sinks === undefined ? logging : { ...logging, ...configuredSinks(sinks, env) };
}

function printsOnly({ destination, sinks }: LoggingSettings): boolean {
  return sinks === undefined ? destination === undefined : sinks.every((sink) => sink?.to === "stdout");
}

function readTree(options: ObservabilityOptions, env: Environment): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  const source = normalise(options);
  for (const row of OPTION_ROWS) {
    const value = readOption(withPresetDefault(row, tree), source, env);
    const keys = row.path.split(".");
    let node = tree;
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>;
    if (value !== undefined) node[keys.at(-1) as string] = value;
  }
  return tree;
}

// Bounds that go with a vocabulary are but defaults. Its row stands before those that it has defaults for.
function withPresetDefault(row: OptionRow, tree: Record<string, unknown>): OptionRow {
  const { naming = "prometheus" } = (tree["metrics"] ?? {}) as Partial<Settings["metrics"]>;
  const fallback = presetOf(naming).defaults?.[row.path];
  return fallback === undefined ? row : { ...row, fallback };
}

// What is short for an object of options.
function normalise(options: ObservabilityOptions): object {
  const { http, health } = options;
  const outgoing = typeof http?.outgoing === "boolean" ? { enabled: http.outgoing } : http?.outgoing;
  return {
    ...options,
    tracing: withTailEnabled(options.tracing),
    http: { ...http, outgoing },
    health: { ...health, shutdown: expandShutdown(health?.shutdown) },
  };
}

function rejectTrue(tracing: unknown): void {
  if (tracing === true) throw refusal("option tracing", "false or an object of options", tracing);
}
