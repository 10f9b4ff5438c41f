import { ObservabilityError } from "../errors.js";
import type { ExporterOptions } from "./types.js";

/** How one field of {@link ExporterOptions} is recognised, and what is expected in words. */
interface Field {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const text = (expected: string): Field => ({ expected, accepts: isText });
const word = (...words: readonly string[]): Field => ({
  expected: `one of ${words.map((each) => `"${each}"`).join(", ")}`,
  accepts: (value) => words.includes(value as string),
});

const FIELDS: ReadonlyMap<string, Field> = new Map<Exclude<keyof ExporterOptions, "type">, Field>([
  ["endpoint", text("the URL of a collector")],
  ["headers", { expected: "an object of strings", accepts: isTextMap }],
  ["protocol", word("http/protobuf", "http/json", "grpc")],
  ["compression", word("none", "gzip")],
  ["certificate", text("the path of a PEM file")],
  ["clientCertificate", text("the path of a PEM file")],
  ["clientKey", text("the path of a PEM file")],
  ["timeoutMs", { expected: "a whole number of at least 1", accepts: isPositive }],
]);

function isTextMap(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((each) => typeof each === "string");
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Reads the options of one exporter; throws ObservabilityError at the first that is not one. */
export function checkExporterOptions(
  value: object,
  where: string,
  types: readonly string[],
): ExporterOptions {
  for (const [key, given] of Object.entries(value)) {
    const field = key === "type" ? word(...types) : FIELDS.get(key);
    if (field === undefined)
      throw refused(`${where}.${key}`, `one of type, ${[...FIELDS.keys()].join(", ")}`, "an unknown option");
    if (given === undefined && key !== "type") continue;
    if (!field.accepts(given)) {
      const found = key === "headers" ? `a value of type ${typeof given}` : describe(given);
      throw refused(`${where}.${key}`, field.expected, found);
    }
  }
  return value as ExporterOptions;
}

/** A value as a complaint may show it: never what is in an object, which may be a secret. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return `a value of type ${typeof value}`;
}

/** The one shape of a complaint about an exporter. */
export function refused(where: string, expected: string, found: string): ObservabilityError {
  return new ObservabilityError("TELLTALE_OPTION", `${where} is ${found}: expected ${expected}`);
}
