import {
  type Context,
  createTraceState,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  type TraceState,
  trace,
} from "@opentelemetry/api";

const TRACEPARENT = "traceparent";
const TRACESTATE = "tracestate";
const LENGTH = 55;
const DASH = 45;
const MAX_STATE_LENGTH = 512;

/**
 * Parses a `traceparent` header by the letter of https://www.w3.org/TR/trace-context/: `undefined` for anything
 * else than one well-formed string. Of later versions the first 55 characters are read; flags other than
 * `sampled` are dropped.
 */
export function parseTraceparent(header: unknown): SpanContext | undefined {
  if (typeof header !== "string" || !isFramed(header)) return undefined;
  if (hexKind(header, 0, 2) === "bad" || hexKind(header, 53, 55) === "bad") return undefined;
  if (hexKind(header, 3, 35) !== "set" || hexKind(header, 36, 52) !== "set") return undefined;
  const traceFlags = Number.parseInt(header.charAt(54), 16) & 1;
  return { traceId: header.slice(3, 35), spanId: header.slice(36, 52), traceFlags, isRemote: true };
}

function isFramed(header: string): boolean {
  const { length } = header;
  if (
    length < LENGTH ||
    header.charCodeAt(2) !== DASH ||
    header.charCodeAt(35) !== DASH ||
    header.charCodeAt(52) !== DASH
  )
    return false;
  if (header.startsWith("00")) return length === LENGTH;
  return !header.startsWith("ff") && (length === LENGTH || header.charCodeAt(LENGTH) === DASH);
}

function hexKind(text: string, from: number, to: number): "bad" | "zero" | "set" {
  let zero = true;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if ((code < 48 || code > 57) && (code < 97 || code > 102)) return "bad";
    if (code !== 48) zero = false;
  }
  return zero ? "zero" : "set";
}

/** The `traceparent` header of a span: version 00, flags `01` when sampled. */
export function formatTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & 1) === 1 ? "01" : "00"}`;
}

function parseTracestate(header: unknown): TraceState | undefined {
  const text = isStrings(header) ? header.join(",") : header;
  if (typeof text !== "string" || text.length === 0 || text.length > MAX_STATE_LENGTH) return undefined;
  // Drops what is malformed.
  const state = createTraceState(text);
  return state.serialize() === "" ? undefined : state;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The caller's span as the two headers name it; `undefined` when they name none or are malformed. */
export function parentFrom(traceparent: unknown, tracestate: unknown): SpanContext | undefined {
  const parent = parseTraceparent(traceparent);
  const traceState = parent && parseTracestate(tracestate);
  return parent && traceState ? { ...parent, traceState } : parent;
}

/** W3C trace context: `traceparent` and `tracestate`. */
export const traceContextPropagator: TextMapPropagator = {
  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpanContext(ctx);
    if (span === undefined || !isSpanContextValid(span)) return;
    setter.set(carrier, TRACEPARENT, formatTraceparent(span));
    const state = span.traceState?.serialize();
    if (state) setter.set(carrier, TRACESTATE, state);
  },
  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, TRACEPARENT);
    const single = Array.isArray(header) && header.length === 1 ? header[0] : header;
    const parent = parentFrom(single, getter.get(carrier, TRACESTATE));
    return parent === undefined ? ctx : trace.setSpanContext(ctx, parent);
  },
  fields: () => [TRACEPARENT, TRACESTATE],
};
