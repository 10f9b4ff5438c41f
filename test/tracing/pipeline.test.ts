import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { createPipeline } from "../../src/tracing/pipeline.js";
import { createResource } from "../../src/tracing/resource.js";
import type { ExporterSettings } from "../../src/tracing/types.js";
import { eventually } from "./eventually.js";
import { closedPort, receiveAndHang, receiveHttp } from "./receiver.js";
import { fakeSpan, noteBook } from "./spans.js";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function pipelineFor(exporter: unknown, more: Partial<ExporterSettings> = {}) {
  const settings = { headers: {}, exporter, ...more } as ExporterSettings;
  const { note, notes } = noteBook();
  const pipeline = createPipeline(settings, createResource({ service: "chat", resource: {} }), note);
  cleanups.push(pipeline.destroy);
  return { ...pipeline, notes };
}

function memory(): { exporter: SpanExporter; names: string[] } {
  const names: string[] = [];
  const exporter: SpanExporter = {
    export(spans: ReadableSpan[], done) {
      names.push(...spans.map(({ name }) => name));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  return { exporter, names };
}

function recorder(): { processor: SpanProcessor; log: string[] } {
  const log: string[] = [];
  const processor: SpanProcessor = {
    onStart: () => void log.push("start"),
    onEnding: () => void log.push("ending"),
    onEnd: ({ name }) => void log.push(`end ${name}`),
    forceFlush: async () => void log.push("flush"),
    shutdown: async () => void log.push("shutdown"),
  };
  return { processor, log };
}

describe("createPipeline", () => {
  it("batches for an exporter of the user's and counts what waits and what it took", async () => {
    const { exporter, names } = memory();
    const { processor, stats } = pipelineFor(exporter);
    processor.onEnd(fakeSpan({ name: "a" }));
    expect(stats()).toMatchObject({ exported: 0, queued: 1 });
    await processor.shutdown();
    expect([names, stats().exported, stats().queued]).toEqual([["a"], 1, 0]);
  });

  it("hands spans to a processor of the user's at once", () => {
    const { processor, log } = recorder();
    pipelineFor(processor).processor.onEnd(fakeSpan({ name: "a" }));
    expect(log).toEqual(["end a"]);
  });

  it("feeds exporters and processors side by side, each under a name of its own", async () => {
    const [one, two] = [memory(), memory()];
    const own = recorder();
    const { processor, stats } = pipelineFor([one.exporter, own.processor, two.exporter]);
    const span = fakeSpan({ name: "a" });
    processor.onStart(span as never, span as never);
    processor.onEnding?.(span as never);
    processor.onEnd(span);
    await processor.forceFlush();
    await processor.shutdown();
    expect([one.names, two.names]).toEqual([["a"], ["a"]]);
    expect(own.log).toEqual(["start", "ending", "end a", "flush", "shutdown"]);
    expect([...stats().exporters].map(([name, { exported }]) => [name, exported])).toEqual([
      ["custom", 1],
      ["custom-2", 1],
      ["custom-3", 1],
    ]);
    expect(stats().exported).toBe(3);
  });

  it("bounds queue and batch as it is told", async () => {
    const batches: number[] = [];
    const exporter: SpanExporter = {
      export(spans, done) {
        batches.push(spans.length);
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    };
    const { processor, stats } = pipelineFor(exporter, { maxQueueSize: 5, maxBatchSize: 50 });
    for (let at = 0; at < 4; at++) processor.onEnd(fakeSpan());
    await processor.shutdown();
    expect(batches).toEqual([4]);
    const small = pipelineFor(exporter, { maxQueueSize: 5, maxBatchSize: 2, batchDelayMs: 60_000 });
    for (let at = 0; at < 4; at++) small.processor.onEnd(fakeSpan());
    await small.processor.shutdown();
    expect(batches.slice(1)).toEqual([2, 2]);
    expect(stats().dropped.queue).toBe(0);
  });
});

describe("one exporter among several", () => {
  it.each(["refused", "hung", "throws"])("that is %s does not cost the others a span", async (how) => {
    const good = memory();
    const collector = await receiveHttp(202);
    const hung = await receiveAndHang();
    cleanups.push(collector.close, hung.close);
    const bad = {
      refused: { type: "otlp", endpoint: `http://127.0.0.1:${await closedPort()}`, timeoutMs: 50 },
      hung: { type: "otlp", endpoint: hung.url, timeoutMs: 50 },
      throws: {
        export() {
          throw new Error("broken");
        },
        shutdown: () => Promise.reject(new Error("broken, too")),
      },
    }[how];
    const { processor, stats } = pipelineFor(
      [bad, good.exporter, { type: "zipkin", endpoint: collector.url }],
      {
        batchDelayMs: 1,
      },
    );
    processor.onEnd(fakeSpan({ name: "a" }));
    await eventually(() => stats().dropped.failed).toBe(1);
    processor.onEnd(fakeSpan({ name: "b" }));
    await eventually(() => stats().exported).toBe(4);
    await processor.shutdown();
    expect(good.names).toEqual(["a", "b"]);
    expect([...stats().exporters.values()].map(({ exported }) => exported)).toEqual([0, 2, 2]);
  });

  it("that cannot be opened is noted and left out", async () => {
    const good = memory();
    const broken = {
      type: "otlp",
      endpoint: "https://127.0.0.1:1",
      protocol: "grpc",
      headers: { "bad name": "" },
    };
    const { processor, notes, stats } = pipelineFor([broken, good.exporter]);
    processor.onEnd(fakeSpan({ name: "a" }));
    await processor.shutdown();
    expect(good.names).toEqual(["a"]);
    expect(notes).toEqual([expect.stringMatching(/^tracing\.otlp: .*bad name/)]);
    expect([...stats().exporters.keys()]).toEqual(["custom"]);
  });

  it("that cannot stop is noted, and the others stop", async () => {
    const stubborn = recorder();
    stubborn.processor.shutdown = () => Promise.reject(new Error("will not stop"));
    const other = recorder();
    const { processor, notes } = pipelineFor([stubborn.processor, other.processor]);
    await processor.shutdown();
    expect([other.log, notes]).toEqual([["shutdown"], ["tracing: will not stop"]]);
  });
});
