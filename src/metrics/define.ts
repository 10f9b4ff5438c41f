import type { Definition, FamilyType } from "./definition.js";
import type { FamilyOptions, MetricsSettings } from "./types.js";
import { checkBuckets, checkLabels, checkName, checkPercentiles, refuse } from "./validate.js";

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const DEFAULT_PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];

/** The options of any type of family. */
export interface AnyOptions extends FamilyOptions {
  buckets?: readonly number[];
  percentiles?: readonly number[];
}

/** Checks a declaration and fills in its defaults. Throws TELLTALE_FAMILY or TELLTALE_LABEL. */
export function define(type: FamilyType, options: AnyOptions, settings: MetricsSettings): Definition {
  const name = `${settings.prefix}${options.name}`;
  checkName(type, name);
  const labelNames = [...(options.labelNames ?? [])];
  checkLabels(type, name, labelNames);
  checkText(name, options.help);
  return {
    name,
    type,
    labelNames,
    help: options.help,
    bounds: boundsOf(type, name, options),
    maxSeries: checkLimit(name, "maxSeries", options.maxSeries ?? settings.maxSeriesPerFamily),
    ttlMs: checkLimit(name, "ttlMs", options.ttlMs ?? settings.ttlMs ?? 0),
    aggregator: options.aggregator ?? "sum",
    defaults: settings.labels,
  };
}

/** Refuses a second declaration of a name that differs from the first in shape. Throws TELLTALE_FAMILY. */
export function checkSameShape(first: Definition, second: Definition): void {
  for (const key of ["type", "help", "labelNames", "bounds"] as const) {
    const [expected, found] = [first[key], second[key]].map((value) => JSON.stringify(value));
    if (expected === found) continue;
    const what = `${key === "bounds" ? "buckets" : key} of "${first.name}", declared a second time`;
    refuse("TELLTALE_FAMILY", { what, found: second[key], expected: `${expected}, as the first time` });
  }
}

function boundsOf(type: FamilyType, name: string, options: AnyOptions): readonly number[] {
  if (type === "histogram") {
    const buckets = [...(options.buckets ?? DEFAULT_BUCKETS)];
    checkBuckets(name, buckets);
    return buckets;
  }
  if (type !== "summary") return [];
  const percentiles = [...(options.percentiles ?? DEFAULT_PERCENTILES)];
  checkPercentiles(name, percentiles);
  return percentiles;
}

function checkText(name: string, help: unknown): void {
  if (typeof help === "string" && help !== "") return;
  refuse("TELLTALE_FAMILY", { what: `help of "${name}"`, found: help, expected: "one sentence" });
}

function checkLimit(name: string, option: "maxSeries" | "ttlMs", limit: number): number {
  const least = option === "maxSeries" ? 1 : 0;
  if (typeof limit === "number" && limit >= least) return limit;
  return refuse("TELLTALE_FAMILY", {
    what: `${option} of "${name}"`,
    found: limit,
    expected: `a number, ${least} or more`,
  });
}
