import { LABEL_NAME, METRIC_NAME, refuse } from "../families/validate.js";
import type { Rename, Renames } from "./types.js";

type Check = (value: unknown, what: string) => void;

const CHECKS: Readonly<Record<keyof Rename, Check>> = {
  name: matching(METRIC_NAME, "letters, digits, _ and :, no digit first"),
  labels: checkLabels,
  scale(value, what) {
    const isFactor = typeof value === "number" && Number.isFinite(value) && value > 0;
    if (!isFactor) complain(what, value, "a finite number above 0");
  },
  unit(value, what) {
    if (typeof value !== "string" || value === "") complain(what, value, "a unit such as milliseconds");
  },
};

/** Checks the renames that a service gives, as far as it can be done before families are declared. Throws TELLTALE_OPTION. */
export function checkRenames(renames: Renames, prefix: string): void {
  const familyOf = new Map<string, string>();
  for (const [family, rename] of Object.entries(renames)) {
    checkRename(rename, `rename of "${family}"`);
    const { name = prefix + family } = rename;
    const other = familyOf.get(name);
    if (other !== undefined) complain(`rename of "${family}"`, name, `another name than that of "${other}"`);
    familyOf.set(name, family);
  }
}

function checkRename(rename: unknown, what: string): void {
  if (!isRecord(rename)) complain(what, rename, "an object of name, labels, scale and unit");
  for (const [key, value] of Object.entries(rename)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof Rename] : undefined;
    if (check === undefined) complain(what, key, `one of ${Object.keys(CHECKS).join(", ")}`);
    else if (value !== undefined) check(value, `${what}, ${key}`);
  }
}

function checkLabels(labels: unknown, what: string): void {
  if (!isRecord(labels)) complain(what, labels, "an object of label names, or false, by label");
  const labelOf = new Map<unknown, string>();
  for (const [label, name] of Object.entries(labels)) {
    if (name === false) continue;
    matching(LABEL_NAME, "false, or letters, digits and _, no digit and no __ first")(
      name,
      `${what}, ${label}`,
    );
    const other = labelOf.get(name);
    if (other !== undefined) complain(`${what}, ${label}`, name, `another name than that of "${other}"`);
    labelOf.set(name, label);
  }
}

function matching(pattern: RegExp, expected: string): Check {
  return (value, what) => {
    if (typeof value !== "string" || !pattern.test(value)) complain(what, value, expected);
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function complain(what: string, found: unknown, expected: string): never {
  return refuse("TELLTALE_OPTION", { what: `metrics.rename: ${what}`, found, expected });
}
