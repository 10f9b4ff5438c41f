import { defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { createIdTracer } from "../../src/tracing/id-tracer.js";
import { createPropagation } from "../../src/tracing/propagation/index.js";

function sentFor(ctx: typeof ROOT_CONTEXT): Record<string, string> {
  const headers: Record<string, string> = {};
  createPropagation(["tracecontext", "b3"], expect.unreachable).inject(ctx, headers, defaultTextMapSetter);
  return headers;
}

it("a trace that began here without a decision is not sent on, nor are its children", () => {
  const tracer = createIdTracer();
  const root = trace.setSpan(ROOT_CONTEXT, tracer.startSpan("a"));
  const child = trace.setSpan(root, tracer.startSpan("b", {}, root));
  expect(trace.getSpanContext(child)?.traceId).toBe(trace.getSpanContext(root)?.traceId);
  expect([sentFor(root), sentFor(child)]).toEqual([{}, {}]);
});

it.each([0, 1])("a caller's trace is sent on with the caller's decision %i", (traceFlags) => {
  const parent = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags };
  const ctx = trace.setSpanContext(ROOT_CONTEXT, parent);
  const span = createIdTracer().startSpan("a", {}, ctx);
  expect(sentFor(trace.setSpan(ctx, span))).toEqual({
    traceparent: `00-${parent.traceId}-${span.spanContext().spanId}-0${traceFlags}`,
    b3: `${parent.traceId}-${span.spanContext().spanId}-${traceFlags}`,
  });
});
