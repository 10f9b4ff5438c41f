import { setImmediate as turn } from "node:timers/promises";
import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { writeJsonIds } from "../../../src/logging/formats/json.js";
import {
  contexts,
  isTracingSuppressed,
  RequestContext,
  SUPPRESSED_ROOT,
} from "../../../src/tracing/context.js";
import { createCounts } from "../../../src/tracing/counts.js";
import { type CircuitOptions, createCircuit } from "../../../src/tracing/exporters/circuit.js";
import type { Exporter } from "../../../src/tracing/exporters/exporter.js";
import { fakeSpan, noteBook } from "../spans.js";

type Answer = (result: ExportResult) => void;

/** An exporter that answers as it is told to. */
function fakeExporter(behave: (answer: Answer, spans: ReadableSpan[]) => void) {
  const log: string[] = [];
  const exporter: Exporter = {
    export(spans, answer) {
      log.push(`export ${spans.length}`);
      behave(answer, spans);
    },
    async shutdown() {
      log.push("shutdown");
    },
    destroy: () => void log.push("destroy"),
  };
  return { exporter, log };
}

function circuitOver(exporter: Exporter, options: Partial<CircuitOptions> = {}) {
  const clock = { ms: 0 };
  const { note, notes } = noteBook();
  const counts = createCounts();
  const circuit = createCircuit(exporter, {
    timeoutMs: 60_000,
    note,
    counts,
    now: () => clock.ms,
    ...options,
  });
  const send = (spans = 1): Promise<number> =>
    new Promise((resolve) =>
      circuit.export(
        Array.from({ length: spans }, () => fakeSpan()),
        ({ code }) => resolve(code),
      ),
    );
  return { circuit, clock, counts, notes, send };
}

const fails = (answer: Answer) => answer({ code: 1, error: new Error("refused") });

describe("createCircuit", () => {
  it("counts what was exported", async () => {
    const { counts, send, notes } = circuitOver(fakeExporter((answer) => answer({ code: 0 })).exporter);
    await send(3);
    expect(counts).toMatchObject({ exported: 3, failed: 0, dropped: { circuit: 0, failed: 0, queue: 0 } });
    expect(notes).toEqual([]);
  });

  it("answers with success whatever happens, and counts the loss", async () => {
    const { counts, notes, send } = circuitOver(fakeExporter(fails).exporter);
    expect(await send(4)).toBe(0);
    expect(counts).toMatchObject({ exported: 0, failed: 4, dropped: { failed: 4 } });
    expect(notes).toEqual(["tracing.export: 4 spans lost: refused"]);
  });

  it("takes a throwing exporter for a failed one", async () => {
    const throwing = fakeExporter(() => {
      throw new TypeError("broken exporter");
    });
    const { counts, notes, send } = circuitOver(throwing.exporter);
    expect(await send()).toBe(0);
    expect([counts.failed, notes]).toEqual([1, ["tracing.export: 1 span lost: broken exporter"]]);
  });

  it("does not wait longer than its timeout for an exporter that never answers", async () => {
    const { counts, notes, send } = circuitOver(fakeExporter(() => undefined).exporter, { timeoutMs: 5 });
    expect(await send(2)).toBe(0);
    expect([counts.failed, notes]).toEqual([2, ["tracing.export: 2 spans lost: no answer within 5 ms"]]);
  });

  it("counts an exporter that answers late, or twice, once", async () => {
    const answers: Answer[] = [];
    const { counts, send } = circuitOver(fakeExporter((answer) => answers.push(answer)).exporter);
    const sent = send();
    answers[0]?.({ code: 0 });
    answers[0]?.({ code: 1 });
    await sent;
    expect(counts).toMatchObject({ exported: 1, failed: 0 });
  });

  it("leaves a failing collector alone for a while, dropping what comes", async () => {
    const { exporter, log } = fakeExporter(fails);
    const { clock, counts, send } = circuitOver(exporter);
    for (let batch = 0; batch < 5; batch++) await send(10);
    expect(log).toHaveLength(3);
    expect(counts.dropped).toEqual({ circuit: 20, failed: 30, queue: 0, tail: 0 });
    clock.ms = 1000;
    await send(10);
    expect(log).toHaveLength(4);
  });

  it("is whole again after one success", async () => {
    const down = { is: true };
    const { exporter, log } = fakeExporter((answer) => (down.is ? fails(answer) : answer({ code: 0 })));
    const { clock, counts, send } = circuitOver(exporter);
    for (let batch = 0; batch < 3; batch++) await send();
    down.is = false;
    clock.ms = 1000;
    for (let batch = 0; batch < 3; batch++) await send();
    expect(log).toHaveLength(6);
    expect(counts.exported).toBe(3);
  });

  it("notes a long outage once a minute, drops included", async () => {
    const { clock, notes, send } = circuitOver(fakeExporter(fails).exporter);
    for (clock.ms = 0; clock.ms < 180_000; clock.ms += 500) await send(2);
    expect(notes).toEqual([
      "tracing.export: 2 spans lost: refused",
      "tracing.export: 240 spans lost: refused",
      "tracing.export: 240 spans lost: refused",
    ]);
  });

  it("exports outside of the request that happened to start the timer, and makes no spans of it", async () => {
    let seen: unknown;
    const { send } = circuitOver(
      fakeExporter((answer) => {
        seen = [contexts.logChunk(writeJsonIds), isTracingSuppressed(contexts.active())];
        answer({ code: 0 });
      }).exporter,
    );
    await contexts.run(new RequestContext(SUPPRESSED_ROOT, undefined, "r1"), () => send());
    expect(seen).toEqual(["", true]);
  });

  it("shuts the exporter down only when its exports have ended", async () => {
    const answers: Answer[] = [];
    const { exporter, log } = fakeExporter((answer) => answers.push(answer));
    const { circuit, send } = circuitOver(exporter);
    void send();
    const down = circuit.shutdown();
    await turn();
    expect(log).toEqual(["export 1"]);
    answers[0]?.({ code: 0 });
    await down;
    expect(log).toEqual(["export 1", "shutdown"]);
  });

  it("gives up what is under way when it is destroyed", async () => {
    const { exporter, log } = fakeExporter(() => undefined);
    const { circuit, counts, send } = circuitOver(exporter);
    const sent = send(3);
    circuit.destroy();
    expect([await sent, counts.failed, log]).toEqual([0, 3, ["export 3", "destroy"]]);
  });
});
