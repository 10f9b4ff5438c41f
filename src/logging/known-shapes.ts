import { types } from "node:util";
import { redactQuery, redactUrl } from "./redact-url.js";
import { describeError } from "./serialize-error.js";
import { describeRequest, describeResponse, isRequest, isResponse } from "./serialize-http.js";
import { read, type Walk } from "./walk.js";

const MAX_ITEMS = 101;

/** Describes an object of a kind that its own members would tell badly or at length; undefined for all others. */
export function describeKnown(source: object, walk: Walk): unknown {
  const prototype: unknown = Object.getPrototypeOf(source);
  if (prototype === Object.prototype || prototype === null) return describeJson(source, walk);
  return describeBuiltIn(source, walk) ?? describeHost(source, walk) ?? describeJson(source, walk);
}

function describeBuiltIn(source: object, walk: Walk): unknown {
  if (types.isNativeError(source) || source instanceof Error) return describeError(source, walk);
  if (source instanceof Date) return Number.isNaN(source.getTime()) ? "[invalid date]" : source.toISOString();
  if (ArrayBuffer.isView(source) || types.isAnyArrayBuffer(source)) return `[${source.byteLength} bytes]`;
  if (types.isBoxedPrimitive(source)) return walk.value(source.valueOf());
  if (source instanceof Map) return describePairs(source, walk);
  if (source instanceof Set) return walk.value(firstOf(source));
  if (source instanceof URL) return walk.text(source.href, redactUrl);
  if (source instanceof URLSearchParams) return walk.text(String(source), redactQuery);
  return source instanceof Headers ? describePairs(source, walk) : undefined;
}

/** Messages of node:http and the frameworks; other streams hold a whole connection and are only named. */
function describeHost(source: object, walk: Walk): unknown {
  if (isRequest(source)) return describeRequest(source, walk);
  if (isResponse(source)) return describeResponse(source, walk);
  return typeof read(source, "pipe") === "function" ? `[${source.constructor.name}]` : undefined;
}

function describeJson(source: object, walk: Walk): unknown {
  const toJson = read(source, "toJSON");
  if (typeof toJson !== "function") return undefined;
  const json: unknown = Reflect.apply(toJson, source, [""]);
  // Some return themselves: JSON.stringify then prints the members.
  return json === source ? undefined : (walk.value(json) ?? null);
}

function describePairs(source: Iterable<[unknown, unknown]>, walk: Walk): object {
  const target: Record<string, unknown> = {};
  for (const [key, value] of firstOf(source))
    target[typeof key === "object" ? "[object]" : String(key)] = value;
  return walk.entries(target);
}

function firstOf<T>(source: Iterable<T>): T[] {
  const target: T[] = [];
  for (const item of source) if (target.push(item) === MAX_ITEMS) break;
  return target;
}
