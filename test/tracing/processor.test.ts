import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { createCounts } from "../../src/tracing/counts.js";
import { createBatchProcessor, guardProcessor } from "../../src/tracing/processor.js";
import { eventually } from "./eventually.js";
import { fakeSpan, noteBook } from "./spans.js";

const bounds = { timeoutMs: 60_000, maxQueueSize: 2048, maxBatchSize: 512 };

/** An exporter that answers when it is told to. */
function heldExporter() {
  const batches: { spans: ReadableSpan[]; answer: (result: ExportResult) => void }[] = [];
  const exporter: SpanExporter = {
    export: (spans, answer) => void batches.push({ spans, answer }),
    shutdown: async () => undefined,
  };
  return { exporter, batches };
}

describe("createBatchProcessor", () => {
  it("exports sampled spans within its delay, and no others", async () => {
    const { exporter, batches } = heldExporter();
    const processor = createBatchProcessor(exporter, {
      delayMs: 1,
      ...bounds,
      counts: createCounts(),
    });
    processor.onEnd(fakeSpan({ name: "kept" }));
    processor.onEnd(fakeSpan({ name: "unsampled", sampled: false }));
    await eventually(() => batches.length).toBe(1);
    expect(batches[0]?.spans.map(({ name }) => name)).toEqual(["kept"]);
    batches[0]?.answer({ code: 0 });
  });

  it("holds 2048 spans while an export hangs, counts those beyond, and takes more when it moves on", async () => {
    const { exporter, batches } = heldExporter();
    const counts = createCounts();
    const processor = createBatchProcessor(exporter, { delayMs: 60_000, ...bounds, counts });
    const end = (spans: number) => {
      for (let at = 0; at < spans; at++) processor.onEnd(fakeSpan());
    };
    end(512);
    end(2048);
    expect([batches.length, counts.dropped.queue]).toEqual([1, 0]);
    end(7);
    expect(counts.dropped.queue).toBe(7);
    batches[0]?.answer({ code: 0 });
    await eventually(() => batches.length).toBe(2);
    end(512);
    expect(counts.dropped.queue).toBe(7);
    end(1);
    expect(counts.dropped.queue).toBe(8);
    for (const { answer } of batches) answer({ code: 0 });
  });

  it("sends what waits when it is shut down", async () => {
    const { exporter, batches } = heldExporter();
    const processor = createBatchProcessor(exporter, {
      delayMs: 60_000,
      ...bounds,
      counts: createCounts(),
    });
    processor.onEnd(fakeSpan());
    const down = processor.shutdown();
    await eventually(() => batches.length).toBe(1);
    batches[0]?.answer({ code: 0 });
    await expect(down).resolves.toBeUndefined();
  });
});

describe("guardProcessor", () => {
  const broken: SpanProcessor = {
    onStart() {
      throw new Error("start");
    },
    onEnding() {
      throw new Error("ending");
    },
    onEnd() {
      throw new Error("end");
    },
    forceFlush() {
      throw new Error("flush");
    },
    shutdown() {
      throw new Error("shutdown");
    },
  };

  it("keeps a processor's throw from the code that starts and ends spans", async () => {
    const { note, notes } = noteBook();
    const guarded = guardProcessor(broken, { counts: createCounts(), note });
    const span = fakeSpan() as never;
    guarded.onStart(span, span);
    guarded.onEnding?.(span);
    guarded.onEnd(span);
    expect(notes).toEqual([
      "tracing.processor: start",
      "tracing.processor: ending",
      "tracing.processor: end",
    ]);
    await expect(guarded.forceFlush()).rejects.toThrow("flush");
    await expect(guarded.shutdown()).rejects.toThrow("shutdown");
  });

  it("keeps its receiver, and counts sampled spans as handed over", () => {
    const counts = createCounts();
    const ended: string[] = [];
    class Own implements SpanProcessor {
      readonly ended: string[] = ended;
      onStart(): void {
        this.ended.push("start");
      }
      onEnd(span: ReadableSpan): void {
        this.ended.push(span.name);
      }
      forceFlush = () => Promise.resolve();
      shutdown = () => Promise.resolve();
    }
    const guarded = guardProcessor(new Own(), { counts, note: noteBook().note });
    guarded.onStart(fakeSpan() as never, fakeSpan() as never);
    guarded.onEnd(fakeSpan({ name: "a" }));
    guarded.onEnd(fakeSpan({ name: "b", sampled: false }));
    expect([ended, counts.exported, "onEnding" in guarded]).toEqual([["start", "a", "b"], 1, false]);
  });
});
