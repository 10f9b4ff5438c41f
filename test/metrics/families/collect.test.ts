import { expect, test } from "vitest";
import { createFixture } from "../family-fixture.js";

const hang = (): Promise<void> => new Promise(() => undefined);
const DEPTH = { name: "depth", help: "Depth." };

test("a callback that hangs is left behind and told, and the rest is served with the last values", async () => {
  const { metrics, lines, told } = createFixture({ collectTimeoutMs: 5 });
  let started = 0;
  const depth = metrics.gauge({
    ...DEPTH,
    async collect(): Promise<void> {
      if (++started === 1) depth.set(1);
      else await hang();
    },
  });
  metrics.counter({ name: "jobs_total", help: "Jobs." }).inc(2);
  expect(await lines()).toEqual(["depth 1", "jobs_total 2"]);
  expect(await lines()).toEqual(["depth 1", "jobs_total 2"]);
  expect(await lines()).toEqual(["depth 1", "jobs_total 2"]);
  expect([started, told.length]).toEqual([2, 1]);
  expect(told[0]).toBe(
    "depth: its collect callback failed: Error: took longer than 5 ms; it takes part again once it is done",
  );
});

test("one callback that hangs keeps no other of the same family from setting its values", async () => {
  const { metrics, lines } = createFixture({ collectTimeoutMs: 5 });
  const depth = metrics.gauge({ ...DEPTH, collect: hang });
  metrics.gauge({ ...DEPTH, collect: async () => depth.set(3) });
  expect(await lines()).toEqual(["depth 3"]);
});

test("scrapes at the same time share one run", async () => {
  const { metrics, lines } = createFixture();
  let runs = 0;
  const depth = metrics.gauge({
    ...DEPTH,
    async collect() {
      runs++;
      await new Promise(setImmediate);
      depth.set(runs);
    },
  });
  expect(await Promise.all([lines(), lines(), lines()])).toEqual([["depth 1"], ["depth 1"], ["depth 1"]]);
  expect(await lines()).toEqual(["depth 2"]);
});
