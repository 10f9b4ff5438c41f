import type { Kind } from "./kinds.js";

const ENDPOINTS: readonly string[] = ["health", "ready", "live", "startup"];
const WORDS: readonly string[] = ["healthy", "degraded", "unhealthy"];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPath = (value: unknown): boolean => typeof value === "string" && /^\/[^?#]*$/.test(value);
const isEntry = (known: readonly string[], isValue: (value: unknown) => boolean) => (value: unknown) =>
  isRecord(value) && Object.entries(value).every(([key, inner]) => known.includes(key) && isValue(inner));

/** Paths by endpoint. */
export const endpointPaths: Kind = {
  expected: `an object of paths, or arrays of them, by ${ENDPOINTS.join(", ")}`,
  accepts: isEntry(ENDPOINTS, (paths) => [paths].flat().length > 0 && [paths].flat().every(isPath)),
};

/** Status codes by word. */
export const statusCodes: Kind = {
  expected: `an object of status codes from 200 to 599 by ${WORDS.join(", ")}`,
  accepts: isEntry(
    WORDS,
    (code) => Number.isInteger(code) && (code as number) >= 200 && (code as number) < 600,
  ),
};

/** Some of some words; comma-separated in the environment, `none` for an empty list. */
export function someOf(...words: readonly string[]): Kind {
  return {
    expected: `an array of ${words.map((word) => `"${word}"`).join(", ")}`,
    accepts: (value) => Array.isArray(value) && value.every((word) => words.includes(word)),
    parse: (text) =>
      text.trim().toLowerCase() === "none"
        ? []
        : text
            .split(",")
            .map((word) => word.trim())
            .filter((word) => word !== ""),
  };
}

/** A function that judges a request. */
export const requestTest: Kind = {
  expected: "a function (req) => boolean",
  accepts: (value) => typeof value === "function",
};

/** A TCP port; 0 for a free one. */
export const port: Kind = {
  expected: "a port, 0 to 65535",
  accepts: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535,
  parse: (text) => (text.trim() === "" ? Number.NaN : Number(text)),
};
