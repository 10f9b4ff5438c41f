import { Writable } from "node:stream";
import { expect, test } from "vitest";
import type { ExpositionFormat } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";

const SERIES = 20_000;

/** Turns of the event loop while an exposition is written, and the bytes of its largest piece. */
async function turnsOf(format: ExpositionFormat, sliceMs: number) {
  const { metrics } = createFixture({ maxSeriesPerFamily: SERIES });
  const jobs = metrics.counter({ name: "jobs_total", help: "Jobs.", labelNames: ["queue"] });
  for (let i = 0; i < SERIES; i++) jobs.inc({ queue: `q${i}` });
  let turns = 0;
  let largest = 0;
  let tick = setImmediate(function next() {
    turns++;
    tick = setImmediate(next);
  });
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      largest = Math.max(largest, chunk.length);
      callback();
    },
  });
  await metrics.pipeTo(sink, { format, sliceMs });
  clearImmediate(tick);
  return { turns, largest };
}

test.each(["text", "openmetrics", "protobuf"] as const)(
  "%s is written in small pieces, and the event loop has its turn after each slice",
  async (format) => {
    const { turns, largest } = await turnsOf(format, 0);
    expect(turns).toBeGreaterThan(5);
    expect(largest).toBeLessThan(128 * 1024);
    expect((await turnsOf(format, Number.POSITIVE_INFINITY)).turns).toBeLessThan(3);
  },
);
