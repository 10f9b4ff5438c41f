import {
  type Context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { JaegerPropagator } from "@opentelemetry/propagator-jaeger";
import { describe, expect, it } from "vitest";
import { createB3 } from "../../../src/tracing/propagation/b3.js";
import { baggagePropagator, parseBaggage } from "../../../src/tracing/propagation/baggage.js";
import {
  jaegerBaggagePropagator,
  jaegerPropagator,
  parseUberTraceId,
} from "../../../src/tracing/propagation/jaeger.js";
import { isUndecided } from "../../../src/tracing/undecided.js";
import { sampledTracing } from "../sampling/tracer.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const setter = {
  set: (carrier: Record<string, string>, key: string, value: string) => void (carrier[key] = value),
};

function written(propagator: TextMapPropagator, ctx: Context): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(ctx, carrier, setter);
  return carrier;
}

const read = (propagator: TextMapPropagator, carrier: object) =>
  trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter));
const spanned = (traceFlags: number) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags });
const bagged = (entries: Record<string, string>) =>
  propagation.setBaggage(
    ROOT_CONTEXT,
    propagation.createBaggage(
      Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, { value }])),
    ),
  );
const entriesOf = (ctx: Context) =>
  Object.fromEntries(
    (propagation.getBaggage(ctx)?.getAllEntries() ?? []).map(([name, { value }]) => [name, value]),
  );

describe("B3", () => {
  it("is written in one header or in several, and read in both forms, the single one first", () => {
    expect(written(createB3("single"), spanned(1))).toEqual({ b3: `${TRACE}-${SPAN}-1` });
    const multi = { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "0" };
    expect(written(createB3("multi"), spanned(0))).toEqual(multi);
    for (const b3 of [createB3("single"), createB3("multi")]) {
      expect(read(b3, multi)).toMatchObject({ traceId: TRACE, traceFlags: 0, isRemote: true });
      expect(read(b3, { ...multi, b3: `${"1".repeat(32)}-${SPAN}-1` })?.traceId).toBe("1".repeat(32));
    }
  });

  it.each([
    [{ b3: `${SPAN}-${SPAN}-1` }, `${"0".repeat(16)}${SPAN}`, 1],
    [{ b3: `${TRACE}-${SPAN}-d` }, TRACE, 1],
    [{ b3: `${TRACE}-${SPAN}-0-${SPAN}` }, TRACE, 0],
    [{ "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "true" }, TRACE, 1],
    [{ "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-flags": "1" }, TRACE, 1],
  ])("%j is read", (carrier, traceId, traceFlags) => {
    expect(read(createB3("single"), carrier)).toMatchObject({ traceId, traceFlags });
  });

  it.each([
    { b3: `x${TRACE}-${SPAN}-1` },
    { b3: `${TRACE}-${SPAN}-1 and more` },
    { b3: TRACE.toUpperCase() },
    { b3: "0" },
    { b3: `${"0".repeat(32)}-${SPAN}-1` },
    { b3: [`${TRACE}-${SPAN}-1`, `${TRACE}-${SPAN}-0`] },
    { "x-b3-traceid": "abc", "x-b3-spanid": SPAN },
    { "x-b3-traceid": TRACE.toUpperCase(), "x-b3-spanid": SPAN },
    { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "maybe" },
    { "x-b3-traceid": TRACE },
  ])("%j is refused", (carrier) => {
    expect(read(createB3("single"), carrier)).toBeUndefined();
  });

  it.each([{ b3: `${TRACE}-${SPAN}` }, { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN }])(
    "a caller that leaves the decision open (%j) has it made here, and the trace goes on",
    async (carrier) => {
      const parent = createB3("single").extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
      expect(isUndecided(trace.getSpanContext(parent) ?? { traceId: "", spanId: "", traceFlags: 0 })).toBe(
        true,
      );
      const { tracing, tracer } = sampledTracing({});
      const span = tracer.startSpan("a", { kind: SpanKind.SERVER }, parent).spanContext();
      expect(span).toMatchObject({ traceId: TRACE, traceFlags: 1 });
      expect(written(createB3("single"), trace.setSpanContext(ROOT_CONTEXT, span)).b3).toContain(TRACE);
      await tracing.close();
    },
  );
});

describe("Jaeger", () => {
  it("is written as OpenTelemetry's own package reads it, and the other way round", () => {
    const theirs = new JaegerPropagator();
    for (const flags of [0, 1]) {
      const ours = written(jaegerPropagator, spanned(flags));
      expect(ours).toEqual(written(theirs, spanned(flags)));
      expect(read(theirs, ours)).toEqual(read(jaegerPropagator, ours));
    }
    const ctx = bagged({ user: "a b&c", empty: "" });
    expect(written(jaegerBaggagePropagator, ctx)).toEqual({
      "uberctx-user": "a%20b%26c",
      "uberctx-empty": "",
    });
  });

  it.each([
    [`${TRACE}:${SPAN}:0:1`, TRACE, SPAN, 1],
    [`${TRACE}%3A${SPAN}%3a0%3A0`, TRACE, SPAN, 0],
    ["7b:1c8:0:03", "7b".padStart(32, "0"), "1c8".padStart(16, "0"), 1],
    [`${TRACE.toUpperCase()}:${SPAN}:${SPAN}:2`, TRACE, SPAN, 1],
    [`${TRACE}:${SPAN}:0:4`, TRACE, SPAN, 0],
  ])("%s is read", (header, traceId, spanId, traceFlags) => {
    expect(parseUberTraceId(header)).toEqual({ traceId, spanId, traceFlags, isRemote: true });
  });

  it.each([
    "0:1:0:1",
    `${TRACE}:0:0:1`,
    `${TRACE}0:${SPAN}:0:1`,
    `${TRACE}:${SPAN}:0`,
    `${TRACE}:${SPAN}:0:1:1`,
    `${TRACE}:${SPAN}:0:xyz`,
    ` ${TRACE}:${SPAN}:0:1`,
    "",
    7,
    undefined,
  ])("%j is refused", (header) => {
    expect(parseUberTraceId(header)).toBeUndefined();
  });

  it("has baggage in a header for each entry", () => {
    const carrier = { "uberctx-user": "a%20b", "UberCtx-Other": "1", "uberctx-bad": "%zz", uberctx: "x" };
    const found = jaegerBaggagePropagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    expect(entriesOf(found)).toEqual({ user: "a b", Other: "1" });
  });
});

describe("baggage", () => {
  it("is written and read, values percent-encoded, metadata kept", () => {
    expect(written(baggagePropagator, bagged({ user: "ä, b;c=d", empty: "" }))).toEqual({
      baggage: "user=%C3%A4%2C%20b%3Bc%3Dd,empty=",
    });
    const carrier = { baggage: "user = %C3%A4%2C%20b , a=1;meta=2;flag" };
    const found = baggagePropagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    expect(entriesOf(found)).toEqual({ user: "ä, b", a: "1" });
    expect(written(baggagePropagator, found)).toEqual({ baggage: "user=%C3%A4%2C%20b,a=1;meta=2;flag" });
  });

  it("leaves out what is malformed", () => {
    const found = parseBaggage("ok=1,=2,no,b d=3,bad=%zz,__proto__=4,ü=5");
    expect(found?.getAllEntries().map(([name]) => name)).toEqual(["ok"]);
    expect([parseBaggage("no"), parseBaggage(""), parseBaggage(7), parseBaggage(undefined)]).toEqual(
      Array(4).fill(undefined),
    );
  });

  it("has 64 entries and 8192 characters at most, in and out", () => {
    const many = Array.from({ length: 500 }, (_, i) => `k${i}=1`);
    expect(parseBaggage(many.join(","))?.getAllEntries()).toHaveLength(64);
    expect(parseBaggage(`a=${"x".repeat(8192)}`)).toBeUndefined();
    const out = bagged(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, "x".repeat(200)])));
    const text = written(baggagePropagator, out)["baggage"] ?? "";
    expect(text.length).toBeLessThanOrEqual(8192);
    expect(text.split(",").length).toBe(39);
    const short = bagged(Object.fromEntries(many.map((_, i) => [`k${i}`, ""])));
    expect(written(baggagePropagator, short)["baggage"]?.split(",")).toHaveLength(64);
  });

  it("does not write what is no header: odd names, lone surrogates, metadata with line breaks", () => {
    const odd = propagation.createBaggage({
      "a b": { value: "1" },
      lone: { value: "\ud800" },
      split: { value: "1", metadata: { toString: () => "a\r\nb" } as never },
      good: { value: "1" },
    });
    expect(written(baggagePropagator, propagation.setBaggage(ROOT_CONTEXT, odd))).toEqual({
      baggage: "lone=%EF%BF%BD,good=1",
    });
    expect(written(baggagePropagator, ROOT_CONTEXT)).toEqual({});
  });
});
