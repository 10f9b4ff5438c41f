import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { FamilyType } from "../../../src/metrics/families/definition.js";
import { findClash, type NamedMetric } from "../../../src/metrics/families/name-clash.js";
import { createFixture } from "../family-fixture.js";

function clashOf(metric: NamedMetric, other: NamedMetric): string | undefined {
  return findClash(metric, (name) => (name === other.name ? other : undefined));
}

const clashing: [FamilyType, string, FamilyType, string][] = [
  ["histogram", "x", "gauge", "x_count"],
  ["histogram", "x", "gauge", "x_sum"],
  ["histogram", "x", "histogram", "x_bucket"],
  ["summary", "x", "gauge", "x_count"],
  ["summary", "x", "summary", "x_sum"],
  ["histogram", "x", "counter", "x_total"],
  ["summary", "x", "counter", "x_total"],
  ["histogram", "x_total", "gauge", "x_total_sum"],
];

const peaceful: [FamilyType, string, FamilyType, string][] = [
  ["summary", "x", "gauge", "x_bucket"],
  ["gauge", "x", "gauge", "x_count"],
  ["gauge", "x", "counter", "x_total"],
  ["counter", "x_total", "gauge", "x_total_count"],
  ["histogram", "x", "gauge", "x_total"],
  ["histogram", "x", "gauge", "x_counter"],
  ["histogram", "x", "histogram", "x"],
];

describe("two metrics of different names", () => {
  it.each(clashing)("clash: %s %s and %s %s, whichever comes first", (type, name, otherType, otherName) => {
    const [one, other] = [
      { type, name },
      { type: otherType, name: otherName },
    ];
    expect([clashOf(one, other), clashOf(other, one)]).toEqual([otherName, name]);
  });

  it.each(peaceful)("do not clash: %s %s and %s %s", (type, name, otherType, otherName) => {
    const [one, other] = [
      { type, name },
      { type: otherType, name: otherName },
    ];
    expect([clashOf(one, other), clashOf(other, one)]).toEqual([undefined, undefined]);
  });
});

describe("a family that clashes with another", () => {
  const complaint =
    'gauge name: found "h_count"; expected another name: beside "h" it breaks the exposition.';

  it("is refused, and leaves nothing behind", () => {
    const { metrics } = createFixture();
    metrics.histogram({ name: "h", help: "h" });
    expect(() => metrics.gauge({ name: "h_count", help: "h" })).toThrow(
      expect.objectContaining({ code: "TELLTALE_FAMILY", message: complaint }),
    );
    expect(metrics.registry.getMetricsAsArray()).toHaveLength(1);
  });

  it("is refused beside somebody else's as well", () => {
    const { metrics } = createFixture();
    new client.Histogram({ name: "h", help: "h", registers: [metrics.registry] });
    expect(() => metrics.gauge({ name: "h_count", help: "h" })).toThrow(complaint);
  });

  it("is told of where it is somebody else's, which prom-client would have taken", async () => {
    const { metrics, told, lines } = createFixture();
    metrics.histogram({ name: "h", help: "h", buckets: [1] });
    new client.Gauge({ name: "h_count", help: "h", registers: [metrics.registry] });
    expect(told).toEqual(['h_count: clashes with "h": strict readers refuse both together.']);
    expect((await lines()).at(-1)).toBe("h_count 0");
  });

  it("may be declared again as it was", () => {
    const { metrics, told } = createFixture();
    const declare = () => metrics.histogram({ name: "h", help: "h" });
    expect(declare()).toBe(declare());
    expect(told).toEqual([]);
  });
});
