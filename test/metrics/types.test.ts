import { describe, expect, expectTypeOf, it } from "vitest";
import type { Counter, CounterHandle, Histogram, Labels } from "../../src/metrics/types.js";
import { createFixture } from "./family-fixture.js";

describe("the types of families", () => {
  it("know the label names from the declaration", async () => {
    const { metrics, lines } = createFixture();
    const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["method", "route"] });
    expectTypeOf(counter).toEqualTypeOf<Counter<"method" | "route">>();
    expectTypeOf(counter.labels).returns.toEqualTypeOf<CounterHandle>();
    expectTypeOf(counter.inc).toBeCallableWith({ method: "GET" }, 1);
    expectTypeOf<{ verb: string }>().not.toExtend<Labels<"method" | "route">>();
    counter.inc({ method: "GET" });
    expect(await lines()).toHaveLength(1);
  });

  it("accept no label where none was declared", async () => {
    const { metrics, lines } = createFixture();
    const histogram = metrics.histogram({ name: "h", help: "h", buckets: [1] });
    expectTypeOf(histogram).toEqualTypeOf<Histogram<never>>();
    expectTypeOf<{ method: string }>().not.toExtend<Labels<never>>();
    expectTypeOf(histogram.observe).toBeCallableWith(1);
    histogram.observe(1);
    expect(await lines()).toHaveLength(4);
  });

  it("accept any label where the names are not known while compiling", () => {
    const { metrics } = createFixture();
    const labelNames: readonly string[] = ["a"];
    expectTypeOf(metrics.gauge({ name: "g", help: "h", labelNames }).set).toBeCallableWith({ a: 1 }, 1);
  });
});
