import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SUPPRESSED_ROOT } from "../../../src/tracing/context.js";
import { createPropagation } from "../../../src/tracing/propagation/index.js";
import { undecided } from "../../../src/tracing/undecided.js";
import { type Compiled, compileTracing } from "../child.js";

const [ONE, TWO, SPAN] = ["1".repeat(32), "2".repeat(32), "3".repeat(16)];
const W3C = `00-${ONE}-${SPAN}-01`;
const B3 = `${TWO}-${SPAN}-0`;

let compiled: Compiled;
beforeAll(() => {
  compiled = compileTracing();
});
afterAll(() => compiled.remove());
afterEach(() => propagation.disable());

const wire = (...names: string[]) =>
  createPropagation(names, (_part, error) => expect.unreachable(String(error)));
const traceIdOf = (names: string[], carrier: object) =>
  trace.getSpanContext(wire(...names).extract(ROOT_CONTEXT, carrier, defaultTextMapGetter))?.traceId;
const written = (names: string[], ctx: Context) => {
  const carrier: Record<string, string> = {};
  wire(...names).inject(ctx, carrier, defaultTextMapSetter);
  return carrier;
};
const spanned = trace.setSpanContext(ROOT_CONTEXT, { traceId: ONE, spanId: SPAN, traceFlags: 1 });

describe("several propagators", () => {
  it("are all written, each once", () => {
    expect(Object.keys(written(["tracecontext", "b3", "jaeger", "b3"], spanned)).sort()).toEqual([
      "b3",
      "traceparent",
      "uber-trace-id",
    ]);
    expect(written([], spanned)).toEqual({});
  });

  it("are read in their order: the first that finds a well-formed trace wins", () => {
    const carrier = { traceparent: W3C, b3: B3 };
    expect(traceIdOf(["tracecontext", "b3"], carrier)).toBe(ONE);
    expect(traceIdOf(["b3", "tracecontext"], carrier)).toBe(TWO);
    expect(traceIdOf(["tracecontext", "b3"], { ...carrier, traceparent: "00-bad" })).toBe(TWO);
    expect(traceIdOf(["jaeger", "baggage"], carrier)).toBeUndefined();
  });

  it("find baggage and a trace independently of each other", () => {
    const carrier = { baggage: "a=1", "uberctx-b": "2", b3: B3 };
    const found = wire("baggage", "jaeger", "b3").extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    expect(propagation.getBaggage(found)?.getAllEntries()).toEqual([["a", { value: "1" }]]);
    expect(trace.getSpanContext(found)?.traceId).toBe(TWO);
  });

  it("leave the context as it is where nothing is named", () => {
    expect(wire("tracecontext", "baggage", "b3", "jaeger").extract(spanned, {}, defaultTextMapGetter)).toBe(
      spanned,
    );
  });
});

describe("nothing is written", () => {
  it("in suppressed work, nor of a trace that nobody decided on", () => {
    const suppressed = trace.setSpanContext(SUPPRESSED_ROOT, { traceId: ONE, spanId: SPAN, traceFlags: 1 });
    const open = trace.setSpanContext(ROOT_CONTEXT, undecided(ONE, SPAN));
    const all = ["tracecontext", "b3", "b3multi", "jaeger", "baggage"];
    expect([written(all, suppressed), written(all, open), written(all, ROOT_CONTEXT)]).toEqual([{}, {}, {}]);
    const bagged = propagation.setBaggage(open, propagation.createBaggage({ a: { value: "1" } }));
    expect(written(all, bagged)).toEqual({ baggage: "a=1", "uberctx-a": "1" });
  });
});

describe("namesTrace", () => {
  it("looks for the headers that are read, and at nothing in them", () => {
    expect(wire("tracecontext", "baggage").namesTrace({ traceparent: "" })).toBe(true);
    expect(wire("tracecontext").namesTrace({ b3: B3, baggage: "a=1" })).toBe(false);
    expect(wire("b3").namesTrace({ b3: B3 })).toBe(true);
  });
});

describe("OpenTelemetry's own face", () => {
  it("is served by what is installed, until it is released", () => {
    const release = wire("b3").install();
    const carrier: Record<string, string> = {};
    propagation.inject(spanned, carrier);
    expect(Object.keys(carrier)).toEqual(["b3"]);
    expect(trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { b3: B3 }))?.traceId).toBe(TWO);
    release();
    const after = {};
    propagation.inject(spanned, after);
    expect(after).toEqual({});
  });

  it("stays with another instance's propagator, while each instance uses its own", () => {
    const release = wire("b3").install();
    expect(Object.keys(written(["tracecontext"], spanned))).toEqual(["traceparent"]);
    release();
  });

  it("stays with a propagator that the service registered, which then does the work; its faults are noted", () => {
    const notes: string[] = [];
    propagation.setGlobalPropagator({
      inject: (_ctx, carrier, setter) => setter.set(carrier, "x-theirs", "1"),
      extract: () => {
        throw new Error("theirs");
      },
      fields: () => ["x-theirs"],
    });
    const ours = createPropagation(["tracecontext"], (part, error) =>
      notes.push(`${part}: ${String(error)}`),
    );
    const release = ours.install();
    const carrier = {};
    ours.inject(spanned, carrier, defaultTextMapSetter);
    expect(carrier).toEqual({ "x-theirs": "1" });
    expect(ours.extract(spanned, carrier, defaultTextMapGetter)).toBe(spanned);
    expect(notes).toEqual(["tracing.propagation: Error: theirs"]);
    release();
  });
});

it("without an exporter every format works, and the SDK is not loaded", async () => {
  const told = await compiled.run(`
    const { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT } = require("@opentelemetry/api");
    const propagators = ["tracecontext", "baggage", "b3", "b3multi", "jaeger"];
    const { propagation } = createTracing({ ...settings, exporter: "none", propagators }, note);
    const carrier = {};
    propagation.inject(propagation.extract(ROOT_CONTEXT, { b3: "${B3}", baggage: "a=1" }, defaultTextMapGetter), carrier, defaultTextMapSetter);
    const sdk = Object.keys(require.cache).filter((path) => /opentelemetry.(sdk|resources|exporter)/.test(path));
    tell([Object.keys(carrier).sort(), sdk, notes]);
  `);
  const all = [
    "b3",
    "baggage",
    "traceparent",
    "uber-trace-id",
    "uberctx-a",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
  ];
  expect(told).toEqual([all, [], []]);
});
