import {
  type BaggageEntry,
  type Context,
  isSpanContextValid,
  propagation,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { baggageOf, encodedEntries, entryOf } from "./baggage.js";

const TRACE_ID = "uber-trace-id";
const PREFIX = "uberctx-";
// Trace id, span id, parent's span id (out of use) and flags; leading zeros may be left out.
const FORM = /^([\da-f]{1,32}):([\da-f]{1,16}):[\da-f]{1,16}:([\da-f]{1,2})$/i;
const MAX_LENGTH = 128;
const MAX_ENTRIES = 64;
const MAX_KEYS = 1000;
const SAMPLED = 1;
const DEBUG = 2;

/** Parses an `uber-trace-id` header, percent-encoded or not; `undefined` for anything that is none. */
export function parseUberTraceId(header: unknown): SpanContext | undefined {
  if (typeof header !== "string" || header.length > MAX_LENGTH) return undefined;
  const match = FORM.exec(header.replaceAll(/%3a/gi, ":"));
  if (match === null) return undefined;
  const [, traceId = "", spanId = "", flags = ""] = match;
  const traceFlags = (Number.parseInt(flags, 16) & (SAMPLED | DEBUG)) === 0 ? 0 : 1;
  const found = {
    traceId: traceId.toLowerCase().padStart(32, "0"),
    spanId: spanId.toLowerCase().padStart(16, "0"),
    traceFlags,
    isRemote: true,
  };
  return isSpanContextValid(found) ? found : undefined;
}

/** The trace in Jaeger's own header. By hand, since the OpenTelemetry package of it ends with SDK 3. */
export const jaegerPropagator: TextMapPropagator = {
  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpanContext(ctx);
    if (span !== undefined && isSpanContextValid(span))
      setter.set(carrier, TRACE_ID, `${span.traceId}:${span.spanId}:0:0${span.traceFlags & 1}`);
  },
  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const parent = parseUberTraceId(single(getter.get(carrier, TRACE_ID)));
    return parent === undefined ? ctx : trace.setSpanContext(ctx, parent);
  },
  fields: () => [TRACE_ID],
};

/** Baggage in Jaeger's own headers, one for each entry: `uberctx-name`. Bounded like W3C baggage. */
export const jaegerBaggagePropagator: TextMapPropagator = {
  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    for (const [name, value] of encodedEntries(propagation.getBaggage(ctx)))
      setter.set(carrier, PREFIX + name, value);
  },
  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const entries: Record<string, BaggageEntry> = {};
    const names = getter.keys(carrier).slice(0, MAX_KEYS);
    for (const key of names.filter((name) => name.toLowerCase().startsWith(PREFIX)).slice(0, MAX_ENTRIES)) {
      const value = single(getter.get(carrier, key));
      const entry = typeof value === "string" ? entryOf(key.slice(PREFIX.length), value) : undefined;
      if (entry !== undefined && entry.value.length <= MAX_LENGTH)
        entries[entry.name] = { value: entry.value };
    }
    const found = baggageOf(entries);
    return found === undefined ? ctx : propagation.setBaggage(ctx, found);
  },
  fields: () => [],
};

function single(header: unknown): unknown {
  return Array.isArray(header) && header.length === 1 ? header[0] : header;
}
