import { describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../family-fixture.js";

const SECOND = 1000;
const names = { help: "h", labelNames: ["a"] } as const;

type Read = (fixture: Fixture) => Promise<number[]>;

const numbersOf = (lines: string[]): number[] => lines.map((line) => Number(line.split(" ").at(-1)));

async function sampled(fixture: Fixture): Promise<number[]> {
  const [family] = await fixture.metrics.registry.getMetricsAsJSON();
  return (family as unknown as { values: { value: number }[] }).values.map(({ value }) => value);
}

const READERS: readonly [string, Read][] = [
  ["text", async (fixture) => numbersOf(await fixture.lines())],
  ["samples", sampled],
  [
    "text that is not kept",
    async ({ metrics }) => {
      metrics.registry.setDefaultLabels({});
      return numbersOf((await metrics.text()).split("\n").filter((line) => /^[^#]/.test(line)));
    },
  ],
];

describe.each(READERS)("a family read as %s", (_, read) => {
  it("begins at 0, shows its numbers, and is gone once it has been idle", async () => {
    const fixture = createFixture({ ttlMs: 2 * SECOND });
    fixture.metrics.histogram({ ...names, name: "h", buckets: [1] }).observe({ a: "x" }, 0.5);
    const shown: number[][] = [];
    for (let i = 0; i < 5; i++) {
      shown.push(await read(fixture));
      fixture.clock.nowMs += SECOND;
    }
    const whole = [1, 1, 0.5, 1];
    expect(shown).toEqual([[0, 0, 0, 0], whole, whole, whole, []]);
  });

  it.each([0, 7])("keeps a histogram that observes nothing but %d", async (value) => {
    const fixture = createFixture({ ttlMs: SECOND });
    const histogram = fixture.metrics.histogram({ ...names, name: "h", buckets: [1] });
    for (let i = 0; i < 6; i++) {
      histogram.observe({ a: "x" }, value);
      expect(await read(fixture)).not.toEqual([]);
      fixture.clock.nowMs += 2 * SECOND;
    }
  });
});

describe("readers of several kinds", () => {
  it("agree on what is idle: one keeps no series that the others saw unchanged, and none goes that changed between them", async () => {
    const fixture = createFixture({ ttlMs: 3 * SECOND });
    const counter = fixture.metrics.counter({ ...names, name: "c_total" });
    counter.inc({ a: "idle" });
    for (let i = 0; i < 8; i++) {
      counter.inc({ a: "used" });
      for (const [, read] of READERS.slice(0, 2)) await read(fixture);
      fixture.clock.nowMs += SECOND;
    }
    expect(await fixture.lines()).toEqual(['c_total{a="used"} 8']);
  });

  it("see 0 only in the first scrape of all", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    fixture.metrics.counter({ ...names, name: "c_total" }).inc({ a: "x" }, 5);
    expect([await sampled(fixture), numbersOf(await fixture.lines())]).toEqual([[0], [5]]);
  });

  it("lose no number that nobody has been shown yet, however long the pause after the 0", async () => {
    const fixture = createFixture({ ttlMs: SECOND });
    fixture.metrics.counter({ ...names, name: "c_total" }).inc({ a: "x" }, 5);
    await fixture.lines();
    fixture.clock.nowMs += 100 * SECOND;
    expect(await fixture.lines()).toEqual(['c_total{a="x"} 5']);
  });
});
