import type { TextMapGetter, TextMapSetter } from "@opentelemetry/api";

/** What a context is written to or read from: headers of any transport. */
export type Carrier = object;

/** Writes one field of a carrier. */
export type SetField<C> = (carrier: C, name: string, value: string) => void;

/** Reads one field of a carrier; a string, bytes, or an array with one of them. */
export type GetField<C> = (carrier: C, name: string) => unknown;

const MAX_BYTES = 8192;
const MAX_KEYS = 1000;

/** Writes to a Map, to what has a `set(name, value)` as Headers do, and to a plain object. */
export const anySetter: TextMapSetter<Carrier> = {
  set(carrier, name, value) {
    if (hasMethod(carrier, "set")) carrier.set(name, value);
    else Object.assign(carrier, { [name]: value });
  },
};

/** Reads what {@link anySetter} writes, bytes too, whatever the case of the name; what is longer than 8192 is not there. */
export const anyGetter: TextMapGetter<Carrier> = {
  get: (carrier, name) => textOf(read(carrier, name)),
  keys: keysOf,
};

/** A getter around a function of the service's. */
export function getterOf<C extends Carrier>(get: GetField<C>): TextMapGetter<C> {
  return { get: (carrier, name) => textOf(get(carrier, name)), keys: keysOf };
}

function read(carrier: Carrier, name: string): unknown {
  if (hasMethod(carrier, "get")) return carrier.get(name) ?? carrier.get(spelled(carrier, name));
  const fields = carrier as Record<string, unknown>;
  if (Object.hasOwn(fields, name)) return fields[name];
  const other = spelled(carrier, name);
  return Object.hasOwn(fields, other) ? fields[other] : undefined;
}

function spelled(carrier: Carrier, name: string): string {
  return keysOf(carrier).find((key) => key.toLowerCase() === name) ?? name;
}

function keysOf(carrier: Carrier): string[] {
  const keys: string[] = [];
  const names: Iterable<unknown> = hasMethod(carrier, "keys") ? carrier.keys() : Object.keys(carrier);
  for (const name of names) {
    if (keys.length === MAX_KEYS) break;
    if (typeof name === "string") keys.push(name);
  }
  return keys;
}

// Kafka's headers are bytes, or arrays of them where a name is repeated.
function textOf(value: unknown): string | string[] | undefined {
  if (typeof value === "string") return value.length <= MAX_BYTES ? value : undefined;
  if (value instanceof Uint8Array)
    return value.byteLength <= MAX_BYTES ? Buffer.from(value).toString("utf8") : undefined;
  if (!Array.isArray(value) || value.length > MAX_KEYS) return undefined;
  const texts = value.map((item: unknown) => (Array.isArray(item) ? undefined : textOf(item)));
  return texts.every((text) => typeof text === "string") ? texts : undefined;
}

function hasMethod<N extends string>(
  value: object,
  name: N,
): value is Record<N, (...args: unknown[]) => Iterable<unknown>> {
  return name in value && typeof (value as Record<string, unknown>)[name] === "function";
}
