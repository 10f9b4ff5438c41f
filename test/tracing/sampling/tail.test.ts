import { type Context, context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { createCounts } from "../../../src/tracing/counts.js";
import { createTail } from "../../../src/tracing/sampling/tail.js";
import { remote, sampledTracing } from "./tracer.js";

const TAIL = { slowMs: 1000, errors: true, maxTraces: 1000, maxSpansPerTrace: 100 };
// Small numbers would be taken for milliseconds since the start of the process.
const STARTED_MS = Date.UTC(2026, 0, 1);

afterEach(() => {
  trace.disable();
  context.disable();
});

function tailTracing(tail: Partial<typeof TAIL> = {}, sampling: object = {}, ratio = 0) {
  const made = sampledTracing({ tail: { ...TAIL, ...tail }, ...sampling }, ratio);
  const { tracer } = made;
  const start = (name: string, parent: Context = ROOT_CONTEXT): [Span, Context] => {
    const span = tracer.startSpan(name, { startTime: STARTED_MS }, parent);
    return [span, trace.setSpan(parent, span)];
  };
  const end = (span: Span, { failed = false, ms = 1 } = {}): void => {
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(STARTED_MS + ms);
  };
  return { ...made, start, end };
}

const reasonOf = ({ attributes }: ReadableSpan): unknown => attributes["sampling.reason"];
const rootsOf = (spans: readonly ReadableSpan[]): ReadableSpan[] =>
  spans.filter(({ parentSpanContext }) => parentSpanContext === undefined);

it("keeps 10 failures, 5 slow requests and 3 failed calls among 10,000 requests at 50 traces a second, and no health check", async () => {
  const rules = [{ operation: "health", ratio: 0 }];
  const { tracing, start, end, spans } = tailTracing({}, { perSecond: 50, rules }, 1);
  const wanted = new Set<string>();
  const request = (name: string, how: { failed?: boolean; ms?: number; failedCall?: boolean } = {}): void => {
    const [root, inside] = start(name);
    const [call] = start("call", inside);
    end(call, how.failedCall === true ? { failed: true } : {});
    end(root, how);
    if (name !== "ok" && name !== "health") wanted.add(root.spanContext().traceId);
  };
  for (let i = 0; i < 10_000; i++) {
    request("ok");
    if (i % 10 === 0) request("health", { failed: true });
    if (i % 1000 === 0) request("failed", { failed: true });
    if (i % 2000 === 0) request("slow", { ms: 1500 });
    if (i % 4000 === 0) request("failed call", { failedCall: true });
  }
  await tracing.close();
  const kept = rootsOf(spans).filter((span) => wanted.has(span.spanContext().traceId));
  expect(wanted.size).toBe(18);
  expect(kept.length).toBe(18);
  expect(new Set(kept.map((span) => `${span.name}: ${String(reasonOf(span))}`)).size).toBeGreaterThanOrEqual(
    3,
  );
  // A trace is whole: its call went with it.
  for (const root of kept)
    expect(spans.filter((span) => span.spanContext().traceId === root.spanContext().traceId)).toHaveLength(2);
  expect(spans.some(({ name }) => name === "health")).toBe(false);
  // Sampled at the start: what the bucket allows in the seconds that this took.
  expect(rootsOf(spans).length).toBeLessThan(5000);
  expect(tracing.stats().dropped.tail).toBe(0);
});

describe("reasons", () => {
  it("are an attribute of the local root", async () => {
    const { tracing, start, end, spans } = tailTracing();
    const [failed] = start("failed");
    end(failed, { failed: true });
    const [slow] = start("slow");
    end(slow, { ms: 1000 });
    const [fast] = start("fast");
    end(fast, { ms: 999 });
    await tracing.close();
    expect(spans.map((span) => [span.name, reasonOf(span)])).toEqual([
      ["failed", "error"],
      ["slow", "slow"],
    ]);
  });

  it("errors: false leaves failures alone", async () => {
    const { tracing, start, end, spans } = tailTracing({ errors: false });
    end(start("failed")[0], { failed: true });
    await tracing.close();
    expect(spans).toEqual([]);
  });

  it("a slow call alone is none: the request decides", async () => {
    const { tracing, start, end, spans } = tailTracing();
    const [root, inside] = start("root");
    end(start("call", inside)[0], { ms: 5000 });
    end(root);
    await tracing.close();
    expect(spans).toEqual([]);
  });
});

describe("a kept trace", () => {
  it("goes out as sampled, while what was sent on keeps the flag 00", async () => {
    const { tracing, start, end, spans } = tailTracing();
    const [root] = start("root");
    end(root, { failed: true });
    await tracing.close();
    expect(root.spanContext().traceFlags).toBe(0);
    expect(spans.map((span) => span.spanContext())).toEqual([{ ...root.spanContext(), traceFlags: 1 }]);
    expect(spans[0]?.duration).toEqual([0, 1_000_000]);
  });

  it("takes along what ended before and what ends after the failure, even after the root", async () => {
    const { tracing, start, end, spans } = tailTracing();
    const [root, inside] = start("root");
    const [late] = start("late", inside);
    end(start("before", inside)[0]);
    end(start("failed", inside)[0], { failed: true });
    end(start("after", inside)[0]);
    end(root);
    end(late);
    await tracing.close();
    expect(spans.map(({ name }) => name)).toEqual(["before", "failed", "after", "root", "late"]);
    expect(reasonOf(spans[3] as ReadableSpan)).toBe("error");
  });

  it("continues a caller's that was not sampled", async () => {
    const { tracing, start, end, spans } = tailTracing();
    end(start("root", remote(0))[0], { failed: true });
    end(start("fine", remote(0, "1".repeat(32)))[0]);
    await tracing.close();
    expect(spans.map((span) => [span.name, reasonOf(span)])).toEqual([["root", "error"]]);
  });

  it("is one for all requests of the same trace that run at a time", async () => {
    const { tracing, start, end, spans } = tailTracing();
    const [first] = start("first", remote(0));
    const [second] = start("second", remote(0));
    end(first);
    end(second, { failed: true });
    await tracing.close();
    expect(spans.map(({ name }) => name)).toEqual(["first", "second"]);
  });

  it("is known as kept from its end on, a dropped one never", () => {
    const { tracing, start, end } = tailTracing();
    const [failed] = start("failed");
    const [fine] = start("fine");
    expect(tracing.isKept(failed)).toBe(false);
    end(failed, { failed: true });
    end(fine);
    expect([tracing.isKept(failed), tracing.isKept(fine)]).toEqual([true, false]);
  });
});

describe("memory", () => {
  it("never holds more traces than it may: the oldest is given up and counted, its root still judged alone", async () => {
    const { tracing, start, end, spans } = tailTracing({ maxTraces: 10 });
    const open = Array.from({ length: 15 }, (_, i) => {
      const [root, inside] = start(`root ${i}`);
      end(start(`call ${i}`, inside)[0]);
      return root;
    });
    expect(tracing.stats().dropped.tail).toBe(5);
    for (const root of open) end(root, { failed: true });
    await tracing.close();
    const names = spans.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("root"))).toHaveLength(15);
    expect(names.filter((name) => name.startsWith("call"))).toHaveLength(10);
  });

  it("never holds more spans of a trace than it may; the root is not one of those given up", async () => {
    const { tracing, start, end, spans } = tailTracing({ maxSpansPerTrace: 3 });
    const [root, inside] = start("root");
    for (let i = 0; i < 8; i++) end(start(`call ${i}`, inside)[0]);
    end(root, { failed: true });
    await tracing.close();
    expect(spans.map(({ name }) => name)).toEqual(["call 0", "call 1", "call 2", "root"]);
    expect(tracing.stats().dropped.tail).toBe(5);
  });

  it("remembers no more kept traces than it may hold", () => {
    const { tracing, start, end } = tailTracing({ maxTraces: 10 });
    const roots = Array.from({ length: 30 }, () => {
      const [root] = start("root");
      end(root, { failed: true });
      return root;
    });
    expect(roots.filter(tracing.isKept)).toEqual(roots.slice(20));
  });

  it("lets go of a trace with its last root", () => {
    const { tracing, start, end } = tailTracing({ maxTraces: 2 });
    for (let i = 0; i < 50; i++) {
      const [root, inside] = start("root");
      end(start("call", inside)[0]);
      end(root);
    }
    expect(tracing.stats().dropped.tail).toBe(0);
  });
});

it("a processor behind it hears of every recorded span's start, and of ends that are kept", () => {
  const heard: string[] = [];
  const next = {
    onStart: () => void heard.push("start"),
    onEnding: () => void heard.push("ending"),
    onEnd: () => void heard.push("end"),
    forceFlush: async () => void heard.push("flush"),
    shutdown: async () => void heard.push("shutdown"),
  };
  const processor = createTail(TAIL).processor(next, createCounts());
  const ids = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
  const span = (traceFlags: number) =>
    ({
      spanContext: () => ({ ...ids, traceFlags }),
      status: { code: 0 },
      duration: [0, 0],
      attributes: {},
    }) as unknown as ReadableSpan & Parameters<typeof processor.onStart>[0];
  for (const flags of [1, 0]) {
    processor.onStart(span(flags), ROOT_CONTEXT);
    processor.onEnding?.(span(flags));
    processor.onEnd(span(flags));
  }
  void processor.forceFlush();
  void processor.shutdown();
  expect(heard).toEqual(["start", "ending", "end", "start", "ending", "flush", "shutdown"]);
});
