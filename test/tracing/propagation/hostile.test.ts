import { createTraceState, isSpanContextValid, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { anyGetter } from "../../../src/tracing/propagation/carrier.js";
import { FORMATS } from "../../../src/tracing/propagation/formats.js";
import { createPropagation } from "../../../src/tracing/propagation/index.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const GOOD = [
  `00-${TRACE}-${SPAN}-01`,
  `${TRACE}-${SPAN}-1-${SPAN}`,
  TRACE,
  SPAN,
  "1",
  `${TRACE}:${SPAN}:0:1`,
  "a=1,b=2;meta=1",
];
const NAMES = [
  "traceparent",
  "tracestate",
  "baggage",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-sampled",
  "x-b3-flags",
  "uber-trace-id",
  "uberctx-a",
  "uberctx-__proto__",
];

const mutated = fc
  .tuple(fc.constantFrom(...GOOD), fc.nat(60), fc.string({ unit: "binary", maxLength: 2 }))
  .map(([good, at, what]) => good.slice(0, at) + what + good.slice(at + 1));
const huge = fc
  .constantFrom("a", "0", "%", "a=1,", "-", "ä", "\0", `${TRACE}-`)
  .map((unit) => unit.repeat(1_000_000));
const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 8, arbitrary: mutated },
  { weight: 4, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 4, arbitrary: fc.array(fc.oneof(fc.constantFrom(...GOOD), mutated), { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.anything({ withNullPrototype: true }) },
  { weight: 1, arbitrary: mutated.map((text) => Buffer.from(text)) },
);
const headers = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { minLength: 1, maxLength: 8 });

function check(name: string, carrier: object): void {
  const faults: unknown[] = [];
  const wire = createPropagation([name], (_part, error) => faults.push(error));
  const found = wire.extract(ROOT_CONTEXT, carrier, anyGetter);
  expect(faults).toEqual([]);
  const span = trace.getSpanContext(found);
  if (span !== undefined) {
    expect(isSpanContextValid(span)).toBe(true);
    expect(`${span.traceId}-${span.spanId}`).toMatch(/^[\da-f]{32}-[\da-f]{16}$/);
    expect([0, 1]).toContain(span.traceFlags);
    expect((span.traceState ?? createTraceState()).serialize().length).toBeLessThanOrEqual(512);
  }
  const entries = propagation.getBaggage(found)?.getAllEntries() ?? [];
  expect(entries.length).toBeLessThanOrEqual(64);
  const written: Record<string, string> = {};
  wire.inject(found, written, { set: (target, key, text) => void (target[key] = text) });
  for (const [key, text] of Object.entries(written)) {
    expect(`${key}${text}`).toMatch(/^[\x20-\x7e]*$/);
    expect(text.length).toBeLessThanOrEqual(8192);
  }
}

it.each(Object.keys(FORMATS))(
  "%s: of 10,000 hostile sets of headers none makes it throw, none gets a bad id or an unbounded text through",
  (name) => {
    fc.assert(
      fc.property(headers, (pairs) => check(name, Object.fromEntries(pairs))),
      { numRuns: 10_000 },
    );
  },
  60_000,
);

it.each(Object.keys(FORMATS))("%s: megabytes are not read", (name) => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), huge, (header, text) => check(name, { [header]: text })),
    { numRuns: 50 },
  );
  check(name, { "uberctx-a": "x".repeat(1_000_000), baggage: Array(100_000).fill("a=1") });
  check(name, Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`uberctx-${i}`, "1"])));
});
