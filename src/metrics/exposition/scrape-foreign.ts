import { createLeash, type Leashed } from "../families/leash.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import type { RegisteredMetric } from "./print-metric.js";

/** Why a metric that hangs cannot be read; it was told of when it began to. */
export const LEFT_OUT: unique symbol = Symbol("left out");

type Read = () => Promise<Leashed<unknown>>;

/** What metrics of third parties are read with. */
export interface ForeignOptions {
  readonly report: ReportMisuse;
  /** Milliseconds after which a metric is left out. */
  readonly timeoutMs: number;
}

/**
 * Makes metrics that were registered by others safe to read: the stand-in that it answers rejects where the metric throws,
 * which is told, or takes too long, with {@link LEFT_OUT}.
 */
export function createForeignReads(options: ForeignOptions): (metric: RegisteredMetric) => RegisteredMetric {
  const known = new WeakMap<RegisteredMetric, ReturnType<typeof leash>>();

  return (metric) => {
    const reads = known.get(metric) ?? leash(metric, options);
    known.set(metric, reads);
    const { name, help, type, aggregator, collect } = metric;
    return { name, help, type, aggregator, collect, ...reads };
  };
}

function leash(
  metric: RegisteredMetric,
  { report, timeoutMs }: ForeignOptions,
): Pick<RegisteredMetric, "get" | "getForPromString"> {
  const misuse = createMisuse(metric.name, report);
  const onFault = (error: unknown): void =>
    misuse.tell(() => `could not be read and was left out: ${String(error)}`);
  const read = (method: "get" | "getForPromString"): (() => Promise<unknown>) =>
    orReject(createLeash(() => metric[method]?.(), { timeoutMs, onFault }));
  const shared = metric.getForPromString === undefined ? {} : { getForPromString: read("getForPromString") };
  return { get: read("get"), ...shared };
}

function orReject(read: Read): () => Promise<unknown> {
  return async () => {
    const answer = await read();
    if (answer === undefined) return Promise.reject(LEFT_OUT);
    return answer.value;
  };
}
