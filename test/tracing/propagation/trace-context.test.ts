import {
  context,
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatTraceparent,
  parentFrom,
  parseTraceparent,
  traceContextPropagator,
} from "../../../src/tracing/propagation/trace-context.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const GOOD = `00-${TRACE}-${SPAN}-01`;

describe("parseTraceparent", () => {
  it("reads ids and the sampled flag", () => {
    expect(parseTraceparent(GOOD)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)?.traceFlags).toBe(0);
  });

  it("keeps only the sampled flag of the flags", () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-ff`)?.traceFlags).toBe(1);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-fe`)?.traceFlags).toBe(0);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.traceFlags).toBe(0);
  });

  it("reads the first 55 characters of a later version", () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)?.traceId).toBe(TRACE);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)?.spanId).toBe(SPAN);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01.what`)).toBeUndefined();
  });

  it.each([
    ["an unknown version ff", `ff-${TRACE}-${SPAN}-01`],
    ["a tail after version 00", `${GOOD}-x`],
    ["a trailing blank", `${GOOD} `],
    ["a leading blank", ` ${GOOD}`],
    ["one character too few", GOOD.slice(0, -1)],
    ["upper case in the trace id", GOOD.replace("f", "F")],
    ["upper case in the version", `0A-${TRACE}-${SPAN}-01`],
    ["an all-zero trace id", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["an all-zero span id", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["a letter beyond f", GOOD.replace("4bf9", "4bg9")],
    ["flags that are no hex", `00-${TRACE}-${SPAN}-0x`],
    ["a missing dash", GOOD.replace("-00f0", "000f0")],
    ["the empty string", ""],
    ["an array", [GOOD]],
    ["an object that prints well", { toString: () => GOOD }],
    ["a number", 0],
    ["null", null],
    ["nothing", undefined],
  ])("refuses %s", (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it("never throws, and trusts nothing that the grammar does not allow", () => {
    const grammar = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCg-"), minLength: length, maxLength: length });
    const near = fc
      .tuple(
        fc.constantFrom("00", "01", "cc", "ff", "0"),
        hex(32),
        hex(16),
        hex(2),
        fc.constantFrom("", "-", "-x", ".", " "),
      )
      .map(([v, t, s, f, tail]) => `${v}-${t}-${s}-${f}${tail}`);
    const mutated = fc
      .tuple(fc.nat(54), fc.string({ unit: "binary", maxLength: 2 }))
      .map(([at, what]) => GOOD.slice(0, at) + what + GOOD.slice(at + 1));
    const pure = fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
    const hostile = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.string({ unit: "binary" }),
      near,
      mutated,
      pure,
    );
    fc.assert(
      fc.property(hostile, (header) => {
        const parsed = parseTraceparent(header);
        const allowed =
          typeof header === "string" &&
          grammar.test(header) &&
          (header.length === 55 || (!header.startsWith("00") && header[55] === "-"));
        expect(parsed !== undefined).toBe(allowed);
        if (parsed === undefined || typeof header !== "string") return;
        expect(header.slice(3, 52)).toBe(`${parsed.traceId}-${parsed.spanId}`);
        expect(parsed.traceFlags).toBe(Number.parseInt(header.slice(53, 55), 16) & 1);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("formatTraceparent", () => {
  it("writes what parseTraceparent reads", () => {
    expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, traceFlags: 1 })).toBe(GOOD);
    expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, traceFlags: 0xfe })).toBe(
      `00-${TRACE}-${SPAN}-00`,
    );
  });
});

describe("parentFrom", () => {
  const stateOf = (tracestate: unknown) => parentFrom(GOOD, tracestate)?.traceState?.serialize();

  it("names the caller's span with its tracestate", () => {
    expect(parentFrom(GOOD, undefined)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags: 1,
      isRemote: true,
    });
    expect(stateOf("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")).toBe(
      "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
    );
  });

  it("joins a repeated tracestate header", () => {
    expect(stateOf(["a=1", "b=2"])).toBe("a=1,b=2");
  });

  it("drops a tracestate that is malformed, empty, too long, or of another type", () => {
    const long = Array.from({ length: 32 }, (_, at) => `key${at}=${"x".repeat(16)}`).join(",");
    expect([stateOf(""), stateOf("nonsense"), stateOf("A=1"), stateOf(7), stateOf(long)]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it("never throws on a tracestate, and carries 512 characters at most", () => {
    const pairs = fc.array(fc.stringMatching(/^[a-z]{1,9}=[ -~]{0,40}$/), { maxLength: 40 }).map(String);
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withNullPrototype: true }), fc.string({ unit: "binary" }), pairs),
        (header) => {
          expect(stateOf(header)?.length ?? 0).toBeLessThanOrEqual(512);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("ignores tracestate without a good traceparent", () => {
    expect(parentFrom("00-bad", "a=1")).toBeUndefined();
  });
});

describe("traceContextPropagator", () => {
  it("writes ids, flags and state, and nothing without a valid span", () => {
    const written = (span: SpanContext) => {
      const carrier: Record<string, string> = {};
      traceContextPropagator.inject(trace.setSpanContext(ROOT_CONTEXT, span), carrier, defaultTextMapSetter);
      return carrier;
    };
    const traceState = createTraceState("a=1");
    expect(written({ traceId: TRACE, spanId: SPAN, traceFlags: 1, traceState })).toEqual({
      traceparent: GOOD,
      tracestate: "a=1",
    });
    expect(written({ traceId: "", spanId: "", traceFlags: 1 })).toEqual({});
  });

  it("extracts a header given once as a list, and refuses two", () => {
    const spanOf = (traceparent: unknown) =>
      trace.getSpanContext(
        traceContextPropagator.extract(context.active(), { traceparent }, defaultTextMapGetter),
      );
    expect(spanOf([GOOD])?.traceId).toBe(TRACE);
    expect(spanOf([GOOD, GOOD])).toBeUndefined();
    expect(traceContextPropagator.fields()).toEqual(["traceparent", "tracestate"]);
  });
});
