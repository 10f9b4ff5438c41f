import * as client from "prom-client";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Counter, CounterHandle, Gauge, Histogram, Labels, Summary } from "../../src/metrics/types.js";
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

  it("can stand where prom-client's own are asked for", () => {
    const { metrics } = createFixture();
    const labelNames = ["a", "b"] as const;
    type Called = "labels" | "remove" | "reset";
    const counter: Pick<client.Counter<"a" | "b">, Called | "inc"> = metrics.counter({
      name: "c_total",
      help: "h",
      labelNames,
    });
    const gauge: Pick<
      client.Gauge<"a" | "b">,
      Called | "inc" | "dec" | "set" | "setToCurrentTime" | "startTimer"
    > = metrics.gauge({ name: "g", help: "h", labelNames });
    const histogram: Pick<client.Histogram<"a" | "b">, Called | "observe" | "zero"> = metrics.histogram({
      name: "h",
      help: "h",
      labelNames,
    });
    const summary: Pick<client.Summary<"a" | "b">, Called | "observe" | "startTimer"> = metrics.summary({
      name: "s",
      help: "h",
      labelNames,
    });
    expect([counter, gauge, histogram, summary].every(({ labels }) => typeof labels === "function")).toBe(
      true,
    );
  });

  it("give collect callbacks the family with its labels, and take prom-client's options", () => {
    const { metrics } = createFixture();
    metrics.gauge({
      name: "g",
      help: "h",
      labelNames: ["a"],
      aggregator: "max",
      collect() {
        expectTypeOf(this).toEqualTypeOf<Gauge<"a">>();
      },
    });
    metrics.histogram({
      name: "h",
      help: "h",
      buckets: client.linearBuckets(1, 1, 3),
      collect() {
        expectTypeOf(this).toEqualTypeOf<Histogram<never>>();
      },
    });
    metrics.counter({
      name: "c_total",
      help: "h",
      labelNames: ["a", "b"] as const,
      async collect() {
        expectTypeOf(this).toEqualTypeOf<Counter<"a" | "b">>();
      },
    });
    metrics.summary({
      name: "s",
      help: "h",
      percentiles: [0.5],
      maxAgeSeconds: 1,
      ageBuckets: 1,
      pruneAgedBuckets: true,
      compressCount: 1,
      collect() {
        expectTypeOf(this).toEqualTypeOf<Summary<never>>();
      },
    });
    expect(metrics.registry.getMetricsAsArray()).toHaveLength(4);
  });
});
