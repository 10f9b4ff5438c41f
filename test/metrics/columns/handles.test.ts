import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../../src/metrics/columns/handles.js";
import { createFixture } from "../family-fixture.js";

const step = fc.tuple(
  fc.constantFrom("hold", "use", "inc", "remove", "reset", "scrape"),
  fc.nat(5),
  fc.nat(30),
);

describe("handles", () => {
  it("never write into a series that is not theirs, whatever is removed and comes back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const { metrics, lines } = createFixture();
        const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["user"] });
        const held: { user: string; handle: { inc(value?: number): void } }[] = [];
        const expected = new Map<string, number>();
        const add = (user: string): void => void expected.set(user, (expected.get(user) ?? 0) + 1);
        for (const [action, who, which] of steps) {
          const user = `u${who}`;
          if (action === "hold") {
            held.push({ user, handle: counter.labels(user) });
            if (!expected.has(user)) expected.set(user, 0);
          } else if (action === "inc") {
            counter.inc({ user });
            add(user);
          } else if (action === "remove") {
            counter.remove(user);
            expected.delete(user);
          } else if (action === "reset" && which === 0) {
            counter.reset();
            expected.clear();
          } else if (action === "use" && held.length > 0) {
            const one = held[which % held.length];
            one?.handle.inc();
            if (one) add(one.user);
          } else if (action === "scrape") {
            await lines();
          }
        }
        const shown = [...expected].map(([user, value]) => `c_total{user="${user}"} ${value}`);
        expect((await lines()).sort()).toEqual(shown.sort());
      }),
      { numRuns: 200 },
    );
  });

  it("all let go of a series that is forgotten, the ones that came back to it too", async () => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["user"] });
    const old = counter.labels("a");
    counter.remove("a");
    const young = counter.labels("a");
    old.inc();
    counter.remove("a");
    counter.inc({ user: "tenant" }, 7);
    young.inc(2);
    old.inc(3);
    expect(await lines()).toEqual(['c_total{user="tenant"} 7', 'c_total{user="a"} 5']);
  });

  it("are one and the same for a label set while its series lives", () => {
    const { metrics } = createFixture();
    const gauge = metrics.gauge({ name: "g", help: "h", labelNames: ["a"] });
    expect(gauge.labels("x")).toBe(gauge.labels({ a: "x" }));
  });

  it("of every type come back to life with their label values", async () => {
    const { metrics, lines } = createFixture();
    const names = { help: "h", labelNames: ["a"] } as const;
    const gauge = metrics.gauge({ ...names, name: "g" });
    const histogram = metrics.histogram({ ...names, name: "h", buckets: [1] });
    const summary = metrics.summary({ ...names, name: "s", percentiles: [] });
    const handles = {
      gauge: gauge.labels("x"),
      histogram: histogram.labels("x"),
      summary: summary.labels("x"),
    };
    for (const family of [gauge, histogram, summary]) family.reset();
    gauge.set({ a: "tenant" }, 7);
    histogram.observe({ a: "tenant" }, 7);
    handles.gauge.inc(2);
    handles.histogram.observe(0.5);
    handles.summary.observe(3);
    expect((await lines()).filter((line) => !line.includes("bucket"))).toEqual([
      'g{a="tenant"} 7',
      'g{a="x"} 2',
      'h_sum{a="tenant"} 7',
      'h_count{a="tenant"} 1',
      'h_sum{a="x"} 0.5',
      'h_count{a="x"} 1',
      's_sum{a="x"} 3',
      's_count{a="x"} 1',
    ]);
  });

  it("of a family without labels go on after a reset", async () => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h" });
    const handle = counter.labels();
    counter.inc(5);
    counter.reset();
    handle.inc();
    counter.inc();
    expect(await lines()).toEqual(["c_total 2"]);
  });

  it("hold no numbers of a series that was forgotten", () => {
    const { metrics } = createFixture();
    const handle = metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).labels("x");
    metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).remove("x");
    expect((handle as unknown as Cell).block).toHaveLength(0);
  });
});
