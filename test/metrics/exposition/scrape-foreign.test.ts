import { Gauge } from "prom-client";
import { expect, test } from "vitest";
import { createFixture } from "../family-fixture.js";

test.each(["text", "openmetrics"] as const)(
  "a metric of a third party that hangs is left out of %s, told once, and shown again when it is done",
  async (format) => {
    const { metrics, told } = createFixture({ collectTimeoutMs: 5 });
    const releases: (() => void)[] = [];
    let reads = 0;
    new Gauge({
      name: "theirs",
      help: "T.",
      registers: [metrics.registry],
      collect() {
        this.set(++reads);
        return reads === 1 ? new Promise<void>((resolve) => void releases.push(resolve)) : undefined;
      },
    });
    metrics.gauge({ name: "ours", help: "O." }).set(1);
    const shown = async (): Promise<string[]> =>
      (await metrics.text({ format })).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect([await shown(), await shown()]).toEqual([["ours 1"], ["ours 1"]]);
    expect([reads, told]).toEqual([
      1,
      [
        "theirs: could not be read and was left out: Error: took longer than 5 ms; it takes part again once it is done",
      ],
    ]);
    releases[0]?.();
    await expect.poll(shown).toEqual(["theirs 2", "ours 1"]);
  },
);

test("a metric of a third party that throws is left out and told", async () => {
  const { metrics, told, lines } = createFixture();
  new Gauge({
    name: "theirs",
    help: "T.",
    registers: [metrics.registry],
    collect() {
      throw new Error("no");
    },
  });
  metrics.gauge({ name: "ours", help: "O." }).set(1);
  expect(await lines()).toEqual(["ours 1"]);
  expect(told).toEqual(["theirs: could not be read and was left out: Error: no"]);
});
