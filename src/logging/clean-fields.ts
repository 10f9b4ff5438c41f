import type { Redactor } from "./redact.js";
import { isRequest, isResponse } from "./serialize-http.js";
import { read, type Walk } from "./walk.js";

/** pino's serializers by key. */
export type Serializers = Readonly<Record<string, (value: unknown) => unknown>>;

/**
 * Copies what was logged into fields that are safe to print. The value under a key with a serializer of the
 * host's is left to that one. Throws only what a proxy throws.
 */
export function cleanFields(
  source: object,
  redactor: Redactor,
  serializers: Serializers,
): Record<string, unknown> {
  const walk = redactor.walk();
  const fields = isPlain(source) ? walk.entries(source) : wrap(source, walk, serializers);
  for (const name in serializers) {
    if (name in fields) fields[name] = read(source, name) ?? fields[name];
  }
  return fields;
}

/** Gives an object that is no bag of fields a field of its own, under the name pino gives it. */
function wrap(source: object, walk: Walk, serializers: Serializers): Record<string, unknown> {
  const key = keyOf(source);
  if (key !== undefined) return { [key]: key in serializers ? source : walk.value(source) };
  const value = walk.value(source);
  return isPlain(value) ? value : { value };
}

function keyOf(source: object): string | undefined {
  if (source instanceof Error) return "err";
  if (isRequest(source)) return "req";
  return isResponse(source) ? "res" : undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
