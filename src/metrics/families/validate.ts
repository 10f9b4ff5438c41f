import { type ErrorCode, ObservabilityError } from "../../errors.js";
import type { FamilyType, NativeDefinition } from "./definition.js";

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
/** What the name of a metric looks like. */
export const METRIC_NAME: RegExp = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** What the name of a label looks like; those that begin with two underscores are Prometheus' own. */
export const LABEL_NAME: RegExp = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const RESERVED_LABEL: Partial<Record<FamilyType, string>> = { histogram: "le", summary: "quantile" };

/** A value that a declaration cannot have. */
export interface Complaint {
  /** The option, and the metric it belongs to. */
  readonly what: string;
  readonly found: unknown;
  readonly expected: string;
}

/** Throws the one line that says what is wrong with a declaration. */
export function refuse(code: ErrorCode, { what, found, expected }: Complaint): never {
  throw new ObservabilityError(code, `${what}: found ${describe(found)}; expected ${expected}.`);
}

/** Checks the name that a family is declared with, prefix included. Throws TELLTALE_FAMILY. */
export function checkName(type: FamilyType, name: string): void {
  checkExportedName(type, name);
  if (type === "counter" && !name.endsWith("_total")) {
    refuse("TELLTALE_FAMILY", {
      what: "counter name",
      found: name,
      expected: `a name that ends in _total, such as "${name}_total"`,
    });
  }
}

/** Checks a name that a family was given for the exposition. Throws TELLTALE_FAMILY. */
export function checkExportedName(type: FamilyType, name: string): void {
  if (METRIC_NAME.test(name)) return;
  refuse("TELLTALE_FAMILY", {
    what: `${type} name`,
    found: name,
    expected: "letters, digits, _ and :, no digit first",
  });
}

/** Checks the label names of a family. Throws TELLTALE_LABEL. */
export function checkLabels(type: FamilyType, name: string, labels: readonly unknown[]): void {
  const what = `label of ${type} "${name}"`;
  for (const [i, label] of labels.entries()) {
    checkLabelName(label, what);
    if (label === RESERVED_LABEL[type])
      refuse("TELLTALE_LABEL", { what, found: label, expected: `another name: a ${type} sets it itself` });
    if (labels.indexOf(label) !== i)
      refuse("TELLTALE_LABEL", { what, found: label, expected: "each name once" });
  }
}

/** Checks labels that every series is to carry. Throws TELLTALE_LABEL. */
export function checkDefaultLabels(labels: Readonly<Record<string, unknown>>): void {
  for (const label of Object.keys(labels)) {
    const what = "default label";
    checkLabelName(label, what);
    if (Object.values(RESERVED_LABEL).includes(label))
      refuse("TELLTALE_LABEL", { what, found: label, expected: "a name that no metric type sets itself" });
  }
}

/** Checks the upper bounds of a histogram. Throws TELLTALE_FAMILY. */
export function checkBuckets(name: string, buckets: readonly number[]): void {
  const isRising = buckets.every(
    (bound, i) => Number.isFinite(bound) && (i === 0 || bound > (buckets[i - 1] as number)),
  );
  if (isRising && buckets.length > 0) return;
  refuse("TELLTALE_FAMILY", {
    what: `buckets of histogram "${name}"`,
    found: buckets,
    expected: "finite numbers, each above the one before (+Inf is added)",
  });
}

/** Checks the exponential buckets of a histogram. Throws TELLTALE_FAMILY. */
export function checkNative(name: string, { schema, maxBuckets }: NativeDefinition): void {
  const what = (option: string): string => `native.${option} of histogram "${name}"`;
  if (!(Number.isInteger(schema) && schema >= MIN_SCHEMA && schema <= MAX_SCHEMA)) {
    const expected = `a whole number from ${MIN_SCHEMA} to ${MAX_SCHEMA}`;
    refuse("TELLTALE_FAMILY", { what: what("schema"), found: schema, expected });
  }
  if (!(Number.isInteger(maxBuckets) && maxBuckets > 0))
    refuse("TELLTALE_FAMILY", { what: what("maxBuckets"), found: maxBuckets, expected: "1 or more" });
}

/** Checks the percentiles of a summary. Throws TELLTALE_FAMILY. */
export function checkPercentiles(name: string, percentiles: readonly number[]): void {
  if (percentiles.every((one) => one >= 0 && one <= 1)) return;
  refuse("TELLTALE_FAMILY", {
    what: `percentiles of summary "${name}"`,
    found: percentiles,
    expected: "numbers from 0 to 1",
  });
}

function checkLabelName(label: unknown, what: string): void {
  if (typeof label === "string" && LABEL_NAME.test(label)) return;
  refuse("TELLTALE_LABEL", {
    what,
    found: label,
    expected: "letters, digits and _, no digit and no __ first",
  });
}

// JSON would show NaN and Infinity as null, and cannot show everything.
function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return Array.isArray(value) ? `[${value.map(describe).join(", ")}]` : String(value);
}
