import { EventEmitter } from "node:events";
import { BroadcastChannel } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createCounter } from "../../../src/metrics/families/counter.js";
import { define } from "../../../src/metrics/families/define.js";
import { createGauge } from "../../../src/metrics/families/gauge.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";
import { createSharedRows } from "../../../src/metrics/processes/shared-rows.js";
import type { Counter, Gauge } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";

const service = "fake-threads";
let channel: BroadcastChannel;
beforeEach(() => {
  channel = new BroadcastChannel(`telltale:threads:1:${service}`);
});
afterEach(() => channel.close());

/** Families that this thread shares as if it were another, of which nobody has heard yet. */
function share(thread: number): { counter: Counter; gauge: Gauge } {
  const rows = createSharedRows({ from: `of-${thread}`, thread }, (message) => channel.postMessage(message));
  const settings = { prefix: "", labels: {}, maxSeriesPerFamily: 10 };
  const parts = (type: "counter" | "gauge", name: string) => ({
    definition: define(type, { name, help: "h" }, settings),
    misuse: createMisuse(name, () => undefined),
    now: () => 0,
    collect: async () => undefined,
    share: rows.share,
  });
  return {
    counter: createCounter(parts("counter", "c_total")).face as unknown as Counter,
    gauge: createGauge(parts("gauge", "g")).face as unknown as Gauge,
  };
}

it("hears what a thread had said before it ended, also when its end is known first", async () => {
  const { metrics, lines, told } = createFixture({ threads: service });
  const worker = Object.assign(new EventEmitter(), { threadId: 77 });
  process.emit("worker", worker as never);
  const { counter, gauge } = share(worker.threadId);
  counter.inc(5);
  gauge.set(7);
  worker.emit("exit");
  expect(await lines()).toEqual(["c_total 5"]);
  expect(told).toEqual([]);
  metrics.close();
});

it("tells of all threads in the last words of a process, which wait for nothing", () => {
  const { metrics } = createFixture({ threads: service });
  metrics.counter({ name: "c_total", help: "h" }).inc(2);
  const journal = metrics.createJournal();
  share(78).counter.inc(5);
  const { isWhole, families } = journal.now();
  const cells = families.map(({ definition, blocks }) => [definition?.name, blocks[0]?.cells[0]]);
  expect([isWhole, cells]).toEqual([
    true,
    [
      ["c_total", 7],
      ["g", 0],
    ],
  ]);
  metrics.close();
});
