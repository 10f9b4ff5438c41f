import { type Kind, oneOf } from "./kinds.js";

const NAME = oneOf("otlp", "jaeger", "zipkin", "console");
const ONLY = oneOf("otlp", "jaeger", "zipkin", "console", "none");

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTarget = (value: unknown): boolean => NAME.accepts(value) || isTyped(value) || isOwn(value);

/** Where spans go; which fields an object may have is for the tracing to say. */
export const spanTargets: Kind = {
  expected: `${ONLY.expected}, { type, endpoint, … }, an object with export() or onEnd(), or an array of these`,
  accepts: (value) =>
    ONLY.accepts(value) ||
    isTarget(value) ||
    (Array.isArray(value) && value.length > 0 && value.every(isTarget)),
  parse(text) {
    const names = text
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== "");
    return names.length === 1 ? names[0] : names;
  },
};

function isTyped(value: unknown): boolean {
  return isObject(value) && typeof (value as { type?: unknown }).type === "string";
}

function isOwn(value: unknown): boolean {
  return (
    isObject(value) &&
    ["export", "onEnd"].some((name) => typeof (value as Record<string, unknown>)[name] === "function")
  );
}
