import {
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { contexts } from "../../src/tracing/context.js";
import { claim } from "../../src/tracing/globals.js";
import { createIdTracer, createNoopTracer } from "../../src/tracing/id-tracer.js";

const PARENT = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 1 };
const withParent = trace.setSpanContext(ROOT_CONTEXT, PARENT);

afterEach(() => trace.disable());

describe("createIdTracer", () => {
  it("gives a root span fresh ids, unsampled and unrecorded", () => {
    const tracer = createIdTracer();
    const [a, b] = [tracer.startSpan("a"), tracer.startSpan("b")];
    expect(trace.isSpanContextValid(a.spanContext())).toBe(true);
    expect(a.spanContext().traceId).not.toBe(b.spanContext().traceId);
    expect([a.spanContext().traceFlags, a.isRecording()]).toEqual([0, false]);
  });

  it("continues the caller's trace with a new span id and the caller's decision", () => {
    const span = createIdTracer().startSpan("a", {}, withParent).spanContext();
    expect(span).toMatchObject({ traceId: PARENT.traceId, traceFlags: 1 });
    expect(span.spanId).not.toBe(PARENT.spanId);
    expect("isRemote" in span).toBe(false);
  });

  it("starts anew for a root span and under an invalid parent", () => {
    const root = createIdTracer().startSpan("a", { root: true }, withParent);
    const orphan = createIdTracer().startSpan(
      "a",
      {},
      trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT),
    );
    expect(root.spanContext().traceId).not.toBe(PARENT.traceId);
    expect(trace.isSpanContextValid(orphan.spanContext())).toBe(true);
  });

  it("makes the span of startActiveSpan active, in all three forms", () => {
    const tracer = createIdTracer();
    const active = (span: Span) => [
      trace.getSpan(contexts.active()) === span,
      span.spanContext().traceId === PARENT.traceId,
    ];
    expect(tracer.startActiveSpan("a", active)).toEqual([true, false]);
    expect(tracer.startActiveSpan("a", { root: true }, active)).toEqual([true, false]);
    expect(tracer.startActiveSpan("a", {}, withParent, active)).toEqual([true, true]);
    expect(trace.getSpan(contexts.active())).toBeUndefined();
  });

  it("starts its spans with the service's own SDK once there is one", () => {
    const tracer = createIdTracer();
    const theirs = trace.wrapSpanContext(PARENT);
    const seen: unknown[] = [];
    const stranger: TracerProvider = {
      getTracer: (name) => ({
        ...createNoopTracer(),
        startSpan(...args) {
          seen.push([name, ...args]);
          return theirs;
        },
      }),
    };
    expect(tracer.startSpan("before")).not.toBe(theirs);
    trace.setGlobalTracerProvider(stranger);
    expect(tracer.startSpan("after", { kind: 1 }, withParent)).toBe(theirs);
    expect(seen).toEqual([["telltale", "after", { kind: 1 }, withParent]]);
  });

  it("keeps away from another telltale instance's provider", () => {
    const release = claim("trace", {
      register: () => trace.setGlobalTracerProvider({ getTracer: () => expect.unreachable() }),
      unregister: () => trace.disable(),
    });
    expect(createIdTracer().startSpan("mine").spanContext().traceFlags).toBe(0);
    release();
  });
});

describe("createNoopTracer", () => {
  it("makes no ids, and lets the caller's pass through", () => {
    const tracer = createNoopTracer();
    expect(tracer.startSpan("a").spanContext()).toEqual(INVALID_SPAN_CONTEXT);
    expect(tracer.startSpan("a", {}, withParent).spanContext()).toEqual(PARENT);
    expect(tracer.startSpan("a", { root: true }, withParent).spanContext()).toEqual(INVALID_SPAN_CONTEXT);
  });
});
