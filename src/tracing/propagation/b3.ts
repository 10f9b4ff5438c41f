import {
  type Context,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { undecided } from "../undecided.js";

const SINGLE = "b3";
const [TRACE_ID, SPAN_ID, SAMPLED, FLAGS] = ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"];

// Lower-case hex, as https://github.com/openzipkin/b3-propagation has it. The package searches a header for something like
// it, and would take ids out of the midst of a text.
const FORMS: Readonly<Record<string, RegExp>> = {
  [SINGLE]: /^(?:[\da-f]{16}){1,2}-[\da-f]{16}(?:-[01d](?:-[\da-f]{16})?)?$/,
  [TRACE_ID]: /^(?:[\da-f]{16}){1,2}$/,
  [SPAN_ID]: /^[\da-f]{16}$/,
  [SAMPLED]: /^(?:[01]|[Tt]rue|[Ff]alse)$/,
  [FLAGS]: /^[01]$/,
};
const HEADERS = Object.keys(FORMS);
const DECIDED = /^[\da-f]+-[\da-f]+-/;
const MALFORMED = "?";

/** B3, written as one header or as one for each part; both are read, the single one first. */
export function createB3(written: "single" | "multi"): TextMapPropagator {
  const { B3Propagator, B3InjectEncoding } =
    require("@opentelemetry/propagator-b3") as typeof import("@opentelemetry/propagator-b3");
  const { SINGLE_HEADER, MULTI_HEADER } = B3InjectEncoding;
  const inner = new B3Propagator({ injectEncoding: written === "single" ? SINGLE_HEADER : MULTI_HEADER });
  return {
    inject: (ctx, carrier, setter) => inner.inject(ctx, carrier, setter),
    extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
      const read: Read = (name) => wellFormed(getter.get(carrier, name), name);
      const found = inner.extract(ctx, carrier, { get: (_carrier, name) => read(name), keys: () => HEADERS });
      const parent = trace.getSpanContext(found);
      if (found === ctx || parent === undefined || isDecided(read)) return found;
      return trace.setSpanContext(found, deferred(parent));
    },
    fields: () => (written === "single" ? [SINGLE] : [TRACE_ID, SPAN_ID, SAMPLED, FLAGS]),
  };
}

type Read = (name: string) => string | undefined;

function wellFormed(header: unknown, name: string): string | undefined {
  const text: unknown = Array.isArray(header) && header.length === 1 ? header[0] : header;
  if (text === undefined || text === null) return undefined;
  return typeof text === "string" && FORMS[name]?.test(text) === true ? text : MALFORMED;
}

function isDecided(read: Read): boolean {
  const single = read(SINGLE);
  return single === undefined ? read(SAMPLED) !== undefined || read(FLAGS) === "1" : DECIDED.test(single);
}

// B3 leaves the decision to the callee by saying nothing; the package takes that for a no.
function deferred({ traceId, spanId }: SpanContext): SpanContext {
  return Object.assign(undecided(traceId, spanId), { isRemote: true });
}
