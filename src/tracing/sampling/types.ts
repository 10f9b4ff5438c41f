import type { Sampler } from "@opentelemetry/sdk-trace";

/** Decides on the traces that begin here with a path or a name; the first rule that fits is the only one asked. */
export interface SamplingRule {
  /**
   * Path of the request: exact, `:name` or `{name}` for one segment, a trailing `*` for any rest. It is held against the
   * path, since the route is not known when a request begins: `/users/:id` fits `/users/me` too.
   */
  readonly route?: string | undefined;
  /** Name of the span that begins the trace; a trailing `*` for any rest. */
  readonly operation?: string | undefined;
  /** Share of the traces that are kept, 0 to 1. Default: 1. With 0 not even the tail keeps one. */
  readonly ratio?: number | undefined;
  /** Most traces kept a second. Default: no limit. */
  readonly perSecond?: number | undefined;
}

/** A Jaeger sampling server. */
export interface RemoteSampling {
  /** Its URL, such as `http://jaeger:5778`; `/sampling?service=…` is added. */
  readonly endpoint: string;
  /** Time between two questions, milliseconds. */
  readonly pollingIntervalMs: number;
  /** Share that is kept until the server answers, 0 to 1. */
  readonly initialRatio: number;
}

/** Decides at the end of a request, for this service's part of a trace. */
export interface TailSampling {
  /** Keeps what took at least this long, milliseconds. */
  readonly slowMs: number;
  /** Keeps what has a failed span. */
  readonly errors: boolean;
  /** Most traces held at a time; the oldest goes first. */
  readonly maxTraces: number;
  /** Most spans held of one trace. */
  readonly maxSpansPerTrace: number;
}

/** Which traces are kept, beyond a plain share of them. */
export interface SamplingSettings {
  readonly rules?: readonly SamplingRule[] | undefined;
  /** Most traces a second that are begun here and kept, rules apart. Default: no limit. */
  readonly perSecond?: number | undefined;
  /** Follows the caller's decision. Default: true. */
  readonly followParent?: boolean | undefined;
  /** Default: none. */
  readonly remote?: RemoteSampling | undefined;
  /** Default: none. */
  readonly tail?: TailSampling | undefined;
  /** A sampler of the service's own, in place of all but the tail. Default: none. */
  readonly sampler?: Sampler | undefined;
}

/** What OpenTelemetry asks a sampler. */
export type SamplingCall = Parameters<Sampler["shouldSample"]>;

/** On a trace that begins here: `keep`; `pass`, which the tail may still keep; `never`. */
export type Verdict = "keep" | "pass" | "never";

/** Decides on a trace that begins here. */
export type DecideRoot = (call: SamplingCall) => Verdict;
