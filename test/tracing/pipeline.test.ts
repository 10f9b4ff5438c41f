import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { ObservabilityError } from "../../src/errors.js";
import { createPipeline } from "../../src/tracing/pipeline.js";
import { createResource } from "../../src/tracing/resource.js";
import type { TracingSettings } from "../../src/tracing/types.js";
import { fakeSpan, noteBook } from "./spans.js";

function pipelineFor(exporter: unknown) {
  const settings = {
    service: "chat",
    resource: {},
    headers: {},
    sampleRatio: 1,
    exporter,
  } as TracingSettings;
  return createPipeline(settings, createResource(settings), noteBook().note);
}

describe("createPipeline", () => {
  it("batches for an exporter of the user's and counts what it took", async () => {
    const exported: ReadableSpan[] = [];
    const exporter: SpanExporter = {
      export(spans, done) {
        exported.push(...spans);
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    };
    const { processor, counts } = pipelineFor(exporter);
    processor.onEnd(fakeSpan({ name: "a" }));
    await processor.shutdown();
    expect([exported.map(({ name }) => name), counts.exported]).toEqual([["a"], 1]);
  });

  it("hands spans to a processor of the user's at once", () => {
    const ended: string[] = [];
    const processor: SpanProcessor = {
      onStart: () => undefined,
      onEnd: ({ name }) => void ended.push(name),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    pipelineFor(processor).processor.onEnd(fakeSpan({ name: "a" }));
    expect(ended).toEqual(["a"]);
  });

  it.each([
    ["zipkin", '"zipkin"'],
    ["toString", '"toString"'],
    [{ export: true }, "a value of type object"],
    [null, "a value of type object"],
    [7, "a value of type number"],
  ])("refuses the exporter %j by name, with what is expected", (exporter, shown) => {
    const complaint = `tracing.exporter is ${shown}: expected one of none, console, jaeger, otlp, or a SpanExporter or SpanProcessor of the OpenTelemetry SDK`;
    expect(() => pipelineFor(exporter)).toThrow(new ObservabilityError("TELLTALE_OPTION", complaint));
  });
});
