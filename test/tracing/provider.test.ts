import { ROOT_CONTEXT, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type TracingSettings } from "../../src/tracing/index.js";
import { noteBook } from "./spans.js";

/** An instrumentation as @opentelemetry/sdk-node takes it. */
class FakeInstrumentation {
  readonly instrumentationName = "fake";
  readonly instrumentationVersion = "1.0.0";
  enabled = false;
  tracer: Tracer | undefined;
  setTracerProvider(provider: TracerProvider): void {
    this.tracer = provider.getTracer("fake");
  }
  setMeterProvider(): void {
    // makes no metrics
  }
  getConfig(): { enabled: boolean } {
    return { enabled: this.enabled };
  }
  setConfig(): void {
    // has no settings
  }
  enable(): void {
    this.enabled = true;
  }
  disable(): void {
    this.enabled = false;
  }
}

function tracingWith(more: Partial<TracingSettings>) {
  const exported: ReadableSpan[] = [];
  const { note, notes } = noteBook();
  const settings: TracingSettings = {
    service: "chat",
    version: "1.2.3",
    resource: {},
    headers: {},
    sampleRatio: 1,
    exporter: {
      export(spans, done) {
        exported.push(...spans);
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    },
    ...more,
  };
  return { exported, notes, tracing: createTracing(settings, note) };
}

afterEach(() => trace.disable());

describe("sampling", () => {
  const sampledOf = async (sampleRatio: number, flags?: number) => {
    const { tracing } = tracingWith({ sampleRatio });
    const parent = {
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      isRemote: true,
    };
    const { context } = await import("@opentelemetry/api");
    const ctx =
      flags === undefined
        ? context.active()
        : trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: flags });
    const sampled = Array.from({ length: 400 }, () => tracing.tracer.startSpan("a", {}, ctx)).filter((span) =>
      span.isRecording(),
    ).length;
    await tracing.close();
    return sampled;
  };

  it("records the given share of new traces", async () => {
    expect([await sampledOf(0), await sampledOf(1)]).toEqual([0, 400]);
    const half = await sampledOf(0.5);
    expect(half > 100 && half < 300).toBe(true);
  });

  it("keeps a caller's decision, whatever the share", async () => {
    expect([await sampledOf(0, 1), await sampledOf(1, 0)]).toEqual([400, 0]);
  });
});

describe("spans", () => {
  it("cuts attribute values that would fill the memory", async () => {
    const { exported, tracing } = tracingWith({});
    tracing.tracer
      .startSpan("a", { attributes: { "db.query.text": "x".repeat(100_000), short: "kept" } })
      .end();
    await tracing.close();
    expect(exported[0]?.attributes).toEqual({ "db.query.text": "x".repeat(8192), short: "kept" });
  });
});

describe.each([
  ["composed by hand", () => []],
  ["made by NodeSDK", () => [new FakeInstrumentation()]],
] as const)("a provider %s", (_how, instrumentations) => {
  it("bounds what a span holds, as it is told and not as the environment says", async () => {
    process.env["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"] = "1";
    process.env["OTEL_SPAN_EVENT_COUNT_LIMIT"] = "1";
    const limits = {
      attributes: 2,
      valueLength: 3,
      events: 2,
      links: 1,
      eventAttributes: 1,
      linkAttributes: 1,
    };
    const { exported, tracing } = tracingWith({ limits, instrumentations: instrumentations() });
    delete process.env["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"];
    delete process.env["OTEL_SPAN_EVENT_COUNT_LIMIT"];
    const context = tracing.tracer.startSpan("other").spanContext();
    const span = tracing.tracer.startSpan("a", {
      attributes: { a: "long value", b: 1, c: 1 },
      links: [
        { context, attributes: { x: 1, y: 1 } },
        { context, attributes: { y: 1, z: 1 } },
      ],
    });
    for (const name of ["1", "2", "3"]) span.addEvent(name, { x: 1, y: 1 });
    span.end();
    await tracing.close();
    expect(exported[0]).toMatchObject({
      attributes: { a: "lon", b: 1 },
      droppedAttributesCount: 1,
      droppedEventsCount: 1,
      droppedLinksCount: 1,
    });
    expect(exported[0]?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["2", { x: 1 }],
      ["3", { x: 1 }],
    ]);
    expect(exported[0]?.links.map(({ attributes }) => attributes)).toEqual([{ y: 1 }]);
  });

  it("tells what was detected", async () => {
    const { exported, tracing } = tracingWith({
      resourceDetectors: ["os", "host"],
      instrumentations: instrumentations(),
    });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(exported[0]?.resource.attributes).toMatchObject({
      "os.type": process.platform,
      "host.name": expect.any(String),
    });
  });
});

describe("instrumentations", () => {
  it("are registered through NodeSDK, with our exporter, sampler and resource", async () => {
    const instrumentation = new FakeInstrumentation();
    const { exported, notes, tracing } = tracingWith({ instrumentations: [instrumentation] });
    expect(instrumentation.enabled).toBe(true);
    instrumentation.tracer?.startSpan("theirs").end();
    tracing.tracer.startSpan("ours").end();
    trace.getTracer("app").startSpan("the app's").end();
    await tracing.close();
    expect(exported.map(({ name }) => name)).toEqual(["theirs", "ours", "the app's"]);
    expect(exported[0]?.resource.attributes).toMatchObject({
      "service.name": "chat",
      "service.version": "1.2.3",
    });
    expect(notes).toEqual([]);
  });

  it("keep the command line out of the resource", async () => {
    const { exported, tracing } = tracingWith({ instrumentations: [new FakeInstrumentation()] });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect(
      Object.keys(exported[0]?.resource.attributes ?? {}).filter((key) => /^(process|host)\./.test(key)),
    ).toEqual([]);
  });

  it("are disabled on close, and the global provider is given back", async () => {
    const instrumentation = new FakeInstrumentation();
    const { tracing } = tracingWith({ instrumentations: [[instrumentation]] });
    expect(trace.getTracer("app").startSpan("a").isRecording()).toBe(true);
    await tracing.close();
    expect(instrumentation.enabled).toBe(false);
    expect(trace.getTracer("app").startSpan("a").isRecording()).toBe(false);
  });

  it("reach our exporter although another provider is the global one", async () => {
    const first = tracingWith({});
    const instrumentation = new FakeInstrumentation();
    const second = tracingWith({ instrumentations: [instrumentation] });
    instrumentation.tracer?.startSpan("theirs").end();
    trace.getTracer("app").startSpan("the app's").end();
    await second.tracing.close();
    await first.tracing.close();
    expect(second.exported.map(({ name }) => name)).toEqual(["theirs"]);
    expect(first.exported.map(({ name }) => name)).toEqual(["the app's"]);
  });

  it("do not lose the last spans when one of them fails to stop", async () => {
    const stubborn = new FakeInstrumentation();
    stubborn.disable = () => {
      throw new Error("will not be disabled");
    };
    const slow: SpanExporter = {
      export: (_spans, done) => void setTimeout(done, 20, { code: 0 }),
      shutdown: () => Promise.resolve(),
    };
    const { notes, tracing } = tracingWith({ exporter: slow, instrumentations: [stubborn] });
    tracing.tracer.startSpan("a").end();
    await tracing.close();
    expect([tracing.stats().exported, notes]).toEqual([1, ["tracing: will not be disabled"]]);
  });

  it("fall back to ids with a note when the environment disables the SDK", async () => {
    process.env.OTEL_SDK_DISABLED = "true";
    const { notes, tracing } = tracingWith({ instrumentations: [new FakeInstrumentation()] });
    delete process.env.OTEL_SDK_DISABLED;
    expect(notes).toEqual([expect.stringContaining("OTEL_SDK_DISABLED")]);
    expect(tracing.exporting).toBe(false);
    trace.getTracer("app").startSpan("a").end();
    await tracing.close();
  });

  it("fall back to ids with a note when one of them is broken", async () => {
    const broken = new FakeInstrumentation();
    broken.getConfig = () => {
      throw new Error("broken instrumentation");
    };
    const { notes, tracing } = tracingWith({ instrumentations: [broken] });
    expect(notes).toEqual(["tracing: broken instrumentation"]);
    expect(tracing.exporting).toBe(false);
    expect(trace.isSpanContextValid(tracing.tracer.startSpan("a").spanContext())).toBe(true);
    await tracing.close();
  });
});
