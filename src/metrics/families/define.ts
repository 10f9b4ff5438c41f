import type { FamilyOptions, MetricsSettings, NativeHistogramOptions } from "../types.js";
import type { Definition, FamilyType, NativeDefinition } from "./definition.js";
import {
  checkBuckets,
  checkExportedName,
  checkLabels,
  checkName,
  checkNative,
  checkPercentiles,
  refuse,
} from "./validate.js";

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
// client_golang's for a growth factor of 1.1, and OpenTelemetry's limit.
const DEFAULT_NATIVE: NativeDefinition = { schema: 3, maxBuckets: 160 };
const DEFAULT_PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];

/** The options of any type of family. */
export interface AnyOptions extends FamilyOptions {
  buckets?: readonly number[];
  native?: boolean | NativeHistogramOptions;
  percentiles?: readonly number[];
  /** Set where the names in the exposition are others than the declared ones. */
  exportedAs?: ExportedAs;
}

/** What a family's exported form comes from; `labelNames` of the options are the exported ones then. */
export interface ExportedAs {
  /** Name in the exposition. */
  readonly name: string;
  readonly declared: { readonly name: string; readonly labelNames: readonly string[] };
  /** Names under which labels are recorded, one for each exported label. */
  readonly labelKeys?: readonly string[];
}

/** Checks a declaration and fills in its defaults. Throws TELLTALE_FAMILY or TELLTALE_LABEL. */
export function define(type: FamilyType, options: AnyOptions, settings: MetricsSettings): Definition {
  const { help, exportedAs: { declared, labelKeys } = {} } = options;
  const labelNames = [...(options.labelNames ?? [])];
  const name = checkNames(type, { ...options, labelNames }, settings.prefix);
  checkText(name, help);
  return {
    name,
    type,
    labelNames,
    help,
    unit: options.unit,
    bounds: boundsOf(type, name, options),
    native: type === "histogram" ? nativeOf(name, options, settings) : undefined,
    maxSeries: checkLimit(name, "maxSeries", options.maxSeries ?? settings.maxSeriesPerFamily),
    maxValues: maxValuesOf(name, options, settings),
    ttlMs: checkLimit(name, "ttlMs", options.ttlMs ?? defaultTtlMs(type, settings)),
    aggregator: options.aggregator ?? "sum",
    defaults: settings.labels,
    enableExemplars: options.enableExemplars,
    ...(declared === undefined ? {} : { declared }),
    ...(labelKeys === undefined ? {} : { labelKeys }),
  };
}

// Declared names must hold by themselves: the code is the same whatever it is exported as.
function checkNames(type: FamilyType, { exportedAs, ...options }: AnyOptions, prefix: string): string {
  const { name, labelNames = [] } = { ...options, ...exportedAs?.declared };
  checkName(type, prefix + name);
  checkLabels(type, prefix + name, labelNames);
  if (exportedAs === undefined) return prefix + name;
  checkExportedName(type, exportedAs.name);
  checkLabels(type, exportedAs.name, options.labelNames ?? []);
  return exportedAs.name;
}

/** Refuses a family that is to be exported under the name of another. Throws TELLTALE_FAMILY. */
export function checkSameFamily(first: Definition, second: Definition): void {
  if (first.declared?.name === second.declared?.name) return;
  const what = `${second.type} "${second.declared?.name ?? second.name}", exported name`;
  const expected = `a name that no other family has: "${first.declared?.name ?? first.name}" is exported under it`;
  refuse("TELLTALE_FAMILY", { what, found: second.name, expected });
}

/** Refuses a second declaration of a name that differs from the first in shape. Throws TELLTALE_FAMILY. */
export function checkSameShape(first: Definition, second: Definition): void {
  const [before, now] = [shapeOf(first), shapeOf(second)];
  for (const key of ["type", "help", "labelNames", "buckets"] as const) {
    const [expected, found] = [before[key], now[key]].map((value) => JSON.stringify(value));
    if (expected === found) continue;
    const what = `${key} of "${first.name}", declared a second time`;
    refuse("TELLTALE_FAMILY", { what, found: now[key], expected: `${expected}, as the first time` });
  }
}

function shapeOf({
  type,
  help,
  labelNames,
  bounds,
  declared,
}: Definition): Record<"type" | "help" | "labelNames" | "buckets", unknown> {
  return { type, help, labelNames: declared?.labelNames ?? labelNames, buckets: bounds };
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

// A family that may hold more series than a label may have values by default was made for wide labels.
function maxValuesOf(name: string, options: AnyOptions, settings: MetricsSettings): number[] {
  const { labelNames = [], maxValues, maxSeries = 0 } = options;
  const fallback = Math.max(settings.maxValuesPerLabel ?? Number.POSITIVE_INFINITY, maxSeries);
  const own = typeof maxValues === "object" && maxValues !== null ? maxValues : {};
  for (const [label, max] of Object.entries(own)) {
    checkLimit(name, `maxValues.${label}`, max as number);
    if (labelNames.includes(label)) continue;
    refuse("TELLTALE_FAMILY", {
      what: `maxValues of "${name}"`,
      found: label,
      expected: `a label of the family: ${labelNames.join(", ")}`,
    });
  }
  const each =
    maxValues === undefined || maxValues === own
      ? fallback
      : checkLimit(name, "maxValues", maxValues as number);
  return labelNames.map((label) => (own as Record<string, number>)[label] ?? each);
}

// A gauge that was set holds until it is set again, and may be set once for the life of the process.
function defaultTtlMs(type: FamilyType, { ttlMs = 0 }: MetricsSettings): number {
  return type === "gauge" ? 0 : ttlMs;
}

function nativeOf(
  name: string,
  { native }: AnyOptions,
  { nativeHistograms = false }: MetricsSettings,
): NativeDefinition | undefined {
  if ((native ?? nativeHistograms) === false) return undefined;
  const definition = { ...DEFAULT_NATIVE, ...(typeof native === "object" ? native : {}) };
  checkNative(name, definition);
  return definition;
}

function checkText(name: string, help: unknown): void {
  if (typeof help === "string" && help !== "") return;
  refuse("TELLTALE_FAMILY", { what: `help of "${name}"`, found: help, expected: "one sentence" });
}

function checkLimit(name: string, option: string, limit: unknown): number {
  const least = option === "ttlMs" ? 0 : 1;
  if (typeof limit === "number" && limit >= least) return limit;
  return refuse("TELLTALE_FAMILY", {
    what: `${option} of "${name}"`,
    found: limit,
    expected: `a number, ${least} or more`,
  });
}
