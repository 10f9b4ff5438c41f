import type { RemoteSampling, SamplingSettings, TailSampling } from "../tracing/sampling/types.js";
import { type Environment, refusal } from "./values.js";

/** What the environment says about sampling. */
interface SamplerDefaults {
  readonly ratio: number;
  readonly followParent: boolean;
  readonly remote?: RemoteSampling;
  /** Why a variable is not followed. */
  readonly complaints: readonly string[];
}

const POLLING_INTERVAL_MS = 60_000;
// What Jaeger's own clients begin with.
const INITIAL_RATIO = 0.001;

/**
 * OTEL_TRACES_SAMPLER and its _ARG as OpenTelemetry specifies them: a value that is not known is told and ignored, and so
 * is a ratio that is none.
 */
function samplerDefaults(env: Environment): SamplerDefaults {
  const given = env["OTEL_TRACES_SAMPLER"]?.trim() ?? "";
  const name = given === "" ? "parentbased_always_on" : given.toLowerCase();
  const followParent = name.startsWith("parentbased_");
  const arg = env["OTEL_TRACES_SAMPLER_ARG"]?.trim() ?? "";
  switch (name.replace(/^parentbased_/, "")) {
    case "always_on":
      return { ratio: 1, followParent, complaints: [] };
    case "always_off":
      return { ratio: 0, followParent, complaints: [] };
    case "traceidratio":
      return { ...ratioOf(arg), followParent };
    case "jaeger_remote":
      return { ...remoteOf(arg), ratio: 1, followParent };
    default:
      return { ratio: 1, followParent: true, complaints: [unknown("OTEL_TRACES_SAMPLER", given)] };
  }
}

function ratioOf(arg: string): { ratio: number; complaints: string[] } {
  const ratio = arg === "" ? 1 : Number(arg);
  if (ratio >= 0 && ratio <= 1) return { ratio, complaints: [] };
  return { ratio: 1, complaints: [unknown("OTEL_TRACES_SAMPLER_ARG", arg)] };
}

// `endpoint=http://host:5778,pollingIntervalMs=5000,initialSamplingRate=0.25`
function remoteOf(arg: string): { remote: RemoteSampling; complaints: string[] } {
  const fields = new Map(
    arg.split(",").map((pair): [string, string] => {
      const [name = "", ...value] = pair.split("=");
      return [name.trim(), value.join("=").trim()];
    }),
  );
  const complaints: string[] = [];
  const number = (name: string, fallback: number, isFit: (value: number) => boolean): number => {
    const text = fields.get(name);
    if (text === undefined || (text !== "" && isFit(Number(text))))
      return text === undefined ? fallback : Number(text);
    complaints.push(unknown("OTEL_TRACES_SAMPLER_ARG", `${name}=${text}`));
    return fallback;
  };
  return {
    remote: {
      endpoint: fields.get("endpoint") || "http://localhost:5778",
      pollingIntervalMs: number("pollingIntervalMs", POLLING_INTERVAL_MS, (ms) => ms >= 1),
      initialRatio: number("initialSamplingRate", INITIAL_RATIO, (share) => share >= 0 && share <= 1),
    },
    complaints,
  };
}

function unknown(variable: string, found: string): string {
  return `${variable} is ${JSON.stringify(found)}, which is not known and not followed: see docs/concepts/sampling.md`;
}

type Loose<T> = { -readonly [K in keyof T]?: T[K] | undefined };

/** What `tracing.sampling` takes. */
export interface SamplingOptions extends Loose<Omit<SamplingSettings, "remote" | "tail">> {
  /** Share of the traces begun here that are kept, 0 to 1. Default: 1. */
  ratio?: number | undefined;
  remote?: Loose<RemoteSampling> | undefined;
  tail?: boolean | Loose<TailSampling & { enabled: boolean }> | undefined;
}

/** The sampling part of the options as the table of options gives it. */
export interface SamplingTree extends Omit<SamplingSettings, "remote" | "tail"> {
  readonly ratio?: number;
  readonly remote: { readonly endpoint?: string; pollingIntervalMs?: number; initialRatio?: number };
  readonly tail: NonNullable<SamplingSettings["tail"]> & { readonly enabled: boolean };
}

/** The ratio and the rest of sampling, from options and environment. Throws when two options name different ratios. */
export function samplingOf(
  tree: SamplingTree,
  sampleRatio: number | undefined,
  env: Environment,
): { sampleRatio: number; sampling: SamplingSettings; complaints: readonly string[] } {
  const { ratio, remote, tail, ...rest } = tree;
  if (ratio !== undefined && sampleRatio !== undefined && ratio !== sampleRatio)
    throw refusal("option tracing.sampleRatio", `the same as tracing.sampling.ratio (${ratio})`, sampleRatio);
  const chosen = ratio ?? sampleRatio;
  const defaults = samplerDefaults(env);
  const { enabled, ...kept } = tail;
  const asked =
    remote.endpoint === undefined
      ? chosen === undefined
        ? defaults.remote
        : undefined
      : {
          pollingIntervalMs: POLLING_INTERVAL_MS,
          initialRatio: INITIAL_RATIO,
          ...remote,
          endpoint: remote.endpoint,
        };
  return {
    sampleRatio: chosen ?? defaults.ratio,
    sampling: {
      followParent: defaults.followParent,
      ...rest,
      ...(asked && { remote: asked }),
      ...(enabled && { tail: kept }),
    },
    complaints: defaults.complaints,
  };
}

/** `tail: true` and `tail: { … }` are short for `tail: { enabled: true, … }`. */
export function withTailEnabled(tracing: unknown): unknown {
  const sampling = memberOf(tracing, "sampling");
  const tail = memberOf(sampling, "tail");
  if (tail === undefined) return tracing;
  const whole =
    typeof tail === "boolean"
      ? { enabled: tail }
      : typeof tail === "object"
        ? { enabled: true, ...tail }
        : tail;
  return { ...(tracing as object), sampling: { ...(sampling as object), tail: whole } };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
