import { parseSink } from "../logging/sinks/parse.js";
import { isClientModule } from "../metrics/clients/client-shape.js";

/** A kind of option: how a value is recognised, what is expected in words, how it is read from the environment. */
export interface Kind {
  /** What a valid value is, for the error line and the docs. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** Reads the text of an environment variable; undefined when the kind has no text form. */
  readonly parse?: (text: string) => unknown;
}

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const isString = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
const list = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
const toNumber = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** Any text that is not empty. */
export const text: Kind = {
  expected: "a non-empty string",
  accepts: (v) => isString(v) && v.trim() !== "",
  parse: (t) => t,
};

/** A name, or false; `false`, `off`, `no` and `0` in the environment. */
export const nameOrFalse: Kind = {
  expected: "a non-empty string, or false",
  accepts: (v) => v === false || text.accepts(v),
  parse: (t) => (flag.parse?.(t) === false ? false : t),
};

/** Any text. */
export const anyText: Kind = { expected: "a string", accepts: isString, parse: (t) => t };

/** Any text that is not empty, or false for none. */
export const textOrFalse: Kind = {
  expected: "a non-empty string, or false",
  accepts: (v) => v === false || text.accepts(v),
  parse: (t) => (t.trim().toLowerCase() === "false" ? false : t),
};

/** The name of a header (RFC 9110 token), or empty for none. */
export const headerName: Kind = {
  expected: "the name of a header (letters, digits and `-`), or an empty string for none",
  accepts: (v) => isString(v) && /^[\w!#$%&'*+.^`|~-]*$/.test(v),
  parse: (t) => t.trim(),
};

/** true or false; `1`/`0`, `yes`/`no`, `on`/`off` in the environment. */
export const flag: Kind = {
  expected: "true or false",
  accepts: (v) => typeof v === "boolean",
  parse: (t) =>
    ({ true: true, "1": true, yes: true, on: true, false: false, "0": false, no: false, off: false })[
      t.toLowerCase()
    ] ?? t,
};

/** Comma-separated in the environment. */
export const texts: Kind = {
  expected: "an array of strings",
  accepts: (v) => Array.isArray(v) && v.every(isString),
  parse: list,
};

/** `name=value,…` in the environment, values percent-decoded as in OTEL_RESOURCE_ATTRIBUTES. */
export const textMap: Kind = {
  expected: "an object of strings",
  accepts: (v) => isRecord(v) && Object.values(v).every(isString),
  parse: (t) => Object.fromEntries(list(t).map(splitPair)),
};

/** Levels of log lines by component. */
export const logLevels: Kind = {
  expected: `an object of levels (${LEVELS.join(", ")}) by component of at most 128 letters, digits and _ . : / @ -`,
  accepts: (v) =>
    isRecord(v) &&
    Object.entries(v).every(
      ([name, level]) => /^[\w.:/@-]{1,128}$/.test(name) && LEVELS.includes(level as string),
    ),
  parse: (t) =>
    Object.fromEntries(
      list(t)
        .map((pair) => splitPair(pair))
        .map(([name, level]) => [name, level.toLowerCase()]),
    ),
};

/** Exported names by family; the metrics check each entry. */
export const renames: Kind = {
  expected: "an object of { name, labels, scale, unit } by the declared name of a metric",
  accepts: isRecord,
};

/** An object whose values are functions. */
export const functionMap: Kind = {
  expected: "an object of functions (req, res) => value, named by label",
  accepts: (v) => isRecord(v) && Object.values(v).every((f) => typeof f === "function"),
};

/** Paths, patterns and predicates; paths only in the environment. */
export const requestRules: Kind = {
  expected: "an array of paths (`/x`, or `/x*` for a prefix), RegExps and functions (req) => boolean",
  accepts: (v) =>
    Array.isArray(v) &&
    v.every((rule) => isString(rule) || rule instanceof RegExp || typeof rule === "function"),
  parse: list,
};

/** Bounds of a histogram. */
export const bounds: Kind = {
  expected: "an array of ascending finite numbers",
  accepts: (v) =>
    Array.isArray(v) &&
    v.length > 0 &&
    v.every((n, i) => Number.isFinite(n) && (i === 0 || n > (v[i - 1] as number))),
  parse: (t) => list(t).map(toNumber),
};

/** A whole number of at least `min`. */
export function integer(min: number): Kind {
  return {
    expected: `a whole number of at least ${min}`,
    accepts: (v) => Number.isSafeInteger(v) && (v as number) >= min,
    parse: toNumber,
  };
}

/** A TCP port. */
export const port: Kind = {
  expected: "a port, a whole number from 0 to 65535",
  accepts: (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 65_535,
  parse: toNumber,
};

/** A share. */
export const ratio: Kind = {
  expected: "a number from 0 to 1",
  accepts: (v) => typeof v === "number" && v >= 0 && v <= 1,
  parse: toNumber,
};

/** A number above nought. */
export const positive: Kind = {
  expected: "a number above 0",
  accepts: (v) => typeof v === "number" && Number.isFinite(v) && v > 0,
  parse: toNumber,
};

/** Conditions and shares of sampling. */
export const samplingRules: Kind = {
  expected:
    "an array of { route (a path such as `/health*`), operation (a span's name), ratio (0 to 1), perSecond (above 0) }, each with a route or an operation",
  accepts: (v) => Array.isArray(v) && v.every(isSamplingRule),
};

/** An object with some methods. */
export function withMethods(...names: readonly string[]): Kind {
  return {
    expected: `an object with ${names.map((name) => `${name}()`).join(" and ")}`,
    accepts: (v) => isRecord(v) && names.every((name) => typeof v[name] === "function"),
  };
}

/** One of some words. */
export function oneOf(...words: readonly string[]): Kind {
  return {
    expected: `one of ${words.map((w) => `"${w}"`).join(", ")}`,
    accepts: (v) => isString(v) && words.includes(v),
    parse: (t) => t.trim().toLowerCase(),
  };
}

/** Some of some words; comma-separated in the environment, where `all` is all of them and `none` none. */
export function someOf(...words: readonly string[]): Kind {
  return {
    expected: `an array of ${words.map((word) => `"${word}"`).join(", ")}`,
    accepts: (v) => Array.isArray(v) && v.every((word) => words.includes(word as string)),
    parse: (t) =>
      list(t.toLowerCase()).flatMap((word) => (word === "all" ? words : word === "none" ? [] : word)),
  };
}

/** A file path or a stream. */
export const destination: Kind = {
  expected: "a file path or an object with write(text)",
  accepts: (v) =>
    text.accepts(v) ||
    (typeof v === "object" && v !== null && typeof (v as { write?: unknown }).write === "function"),
  parse: (t) => t,
};

/** Where lines go; the logger checks each element. `to` or `to:value` in the environment, separated by commas. */
export const sinks: Kind = {
  expected: "an array of sinks, objects with `to`",
  accepts: Array.isArray,
  parse: (t) => list(t).map(parseSink),
};

/** A module of prom-client's kind. */
export const clientModule: Kind = {
  expected: 'the module of prom-client 13 or later, or of its kin (import * as client from "prom-client")',
  accepts: isClientModule,
};

/** An array of anything. */
export const array: Kind = { expected: "an array", accepts: Array.isArray };

const RULE_FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  route: (v) => isString(v) && /^[/*]/.test(v),
  operation: text.accepts,
  ratio: ratio.accepts,
  perSecond: positive.accepts,
};

function isSamplingRule(rule: unknown): boolean {
  if (!isRecord(rule)) return false;
  const given = Object.entries(rule).filter(([, value]) => value !== undefined);
  const isKnown = given.every(([name, value]) => RULE_FIELDS[name]?.(value) === true);
  return isKnown && given.some(([name]) => name === "route" || name === "operation");
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())];
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
