import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Counter, FamilyOptions, Gauge, Histogram, HistogramOptions } from "./metrics/types.js";
import type { Operation, OperationSpec } from "./operation.js";
import type { ExemplarOf } from "./tracing/exemplar.js";
import type { Propagation } from "./tracing/propagation/index.js";

/** Undoes an attach. Idempotent; never throws. */
export type Detach = () => void;

/** The vocabularies by name. Each domain adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the domains
export interface Domains {}

/** A domain's name: `http`, later `db`, `cache`, `queue` … */
export type DomainName = keyof Domains & string;

/** Runs foreign code: a throw is counted under `part` and logged at most once a minute, never passed on. */
export type Guard = <T>(part: string, run: () => T) => T | undefined;

/** What a family is declared with; the catalog keeps it. */
export interface FamilySpec {
  /** Name as declared, without the service prefix. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  /** One sentence for `# HELP` and the docs. */
  readonly help: string;
  /** Base unit: `seconds`, `bytes`, `ratio`. Omitted for plain counts. */
  readonly unit?: string;
  /** Labels as declared. */
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
  /** Most label sets. Default: `metrics.maxSeriesPerFamily`. */
  readonly maxSeries?: number;
}

/**
 * A family as the catalog keeps it: `name` and `labels` are those that the code declares, `exported` and
 * `exportedLabels` those that stand in the exposition; what queries it reads these. Type, help, unit and buckets are the
 * exposition's as well. A vocabulary (`metrics.naming`) may export one declaration as several entries.
 */
export interface CatalogEntry extends FamilySpec {
  /** Domain or collector that declared it. */
  readonly owner: string;
  /** Name as exported, prefix included. */
  readonly exported: string;
  /** Labels as exported. */
  readonly exportedLabels: readonly string[];
}

/** Declares families on behalf of one owner, so that each is known before it is exported. */
export interface Declare {
  counter<const L extends string = never>(options: FamilyOptions<L>): Counter<L>;
  gauge<const L extends string = never>(options: FamilyOptions<L>): Gauge<L>;
  histogram<const L extends string = never>(options: HistogramOptions<L>): Histogram<L>;
}

/** What a domain builds its vocabulary from. */
export interface DomainKit {
  readonly declare: Declare;
  /** Declares one kind of operation: counter, histogram, in-flight gauge, errors and span. */
  operation(spec: OperationSpec): Operation;
  readonly tracer: Tracer;
  /** How a context leaves and enters the process. */
  readonly propagation: Propagation;
  /** True where the sampler looks at the attributes that a span begins with. */
  readonly samplesByAttributes: boolean;
  /** False while nothing would read the context of a request: tracing is off and the logger silent. */
  needsContext(): boolean;
  /** Logger of the component named after the domain. */
  readonly log: Logger;
  readonly guard: Guard;
  /** What a duration histogram is given with a span's duration, so that its buckets lead to a trace. */
  readonly exemplarOf: ExemplarOf;
}

/** A readiness probe: void or true is healthy, false or a throw is not. */
export type Probe = (signal: AbortSignal) => unknown;

/** All that a collector may touch. `D` is its domain's vocabulary. */
export interface Scope<D = unknown> {
  /** The name given to this instance, e.g. `main-db`. */
  readonly instance: string;
  /** The words of the collector's domain. */
  readonly domain: D;
  /** Aborted when the collector is detached or the observability closed. */
  readonly signal: AbortSignal;
  /** Logger of the component named after the collector. */
  readonly log: Logger;
  /** Runs host or library code without ever throwing into the host. */
  readonly guard: Guard;
  /** Calls `read` before each scrape, until detached. */
  sample(read: () => void | Promise<void>): void;
  /** Registers a readiness check, until detached. */
  check(name: string, probe: Probe): void;
  /** Declares and returns the collector's own families; a name that its `families` do not list is refused. */
  readonly declare: Declare;
}

/** A client library, a framework or the runtime, made observable. Each file in collectors/<domain>/ exports exactly one. */
export interface Collector<
  Target = unknown,
  Options extends object = object,
  D extends DomainName = DomainName,
> {
  /** Name on npm (`pg`); `node` for the runtime. */
  readonly name: string;
  /** The vocabulary it speaks. */
  readonly domain: D;
  /** Versions tested, a semver range: `>=8.11 <9`. */
  readonly supports: string;
  /** Families beyond the domain's own. Nothing undeclared may be exported. */
  readonly families?: readonly FamilySpec[];
  /** True when `value` has this library's shape. Reads properties; imports nothing; never throws. */
  matches(value: unknown): value is Target;
  /** Binds one instance. Whatever runs inside host code goes through `scope.guard`. */
  attach(target: Target, scope: Scope<Domains[D]>, options: Options): Detach;
}
