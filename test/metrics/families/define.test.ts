import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import { createMetrics, type Metrics } from "../../../src/metrics/index.js";
import type { Gauge } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";

type Declare = (metrics: Metrics) => unknown;

function complaintOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "no complaint";
}

const bad: [string, Declare, string][] = [
  [
    "a metric name with a dash",
    (m) => m.gauge({ name: "queue-depth", help: "h" }),
    'TELLTALE_FAMILY gauge name: found "queue-depth"; expected letters, digits, _ and :, no digit first.',
  ],
  [
    "a counter without _total",
    (m) => m.counter({ name: "jobs", help: "h" }),
    'TELLTALE_FAMILY counter name: found "jobs"; expected a name that ends in _total, such as "jobs_total".',
  ],
  [
    "an empty help",
    (m) => m.gauge({ name: "depth", help: "" }),
    'TELLTALE_FAMILY help of "depth": found ""; expected one sentence.',
  ],
  [
    "a label name with a dash",
    (m) => m.gauge({ name: "depth", help: "h", labelNames: ["a-b"] }),
    'TELLTALE_LABEL label of gauge "depth": found "a-b"; expected letters, digits and _, no digit and no __ first.',
  ],
  [
    "a label name that Prometheus keeps for itself",
    (m) => m.gauge({ name: "depth", help: "h", labelNames: ["__name__"] }),
    'TELLTALE_LABEL label of gauge "depth": found "__name__"; expected letters, digits and _, no digit and no __ first.',
  ],
  [
    "a label named twice",
    (m) => m.gauge({ name: "depth", help: "h", labelNames: ["a", "a"] }),
    'TELLTALE_LABEL label of gauge "depth": found "a"; expected each name once.',
  ],
  [
    "le on a histogram",
    (m) => m.histogram({ name: "h", help: "h", labelNames: ["le"] }),
    'TELLTALE_LABEL label of histogram "h": found "le"; expected another name: a histogram sets it itself.',
  ],
  [
    "quantile on a summary",
    (m) => m.summary({ name: "s", help: "h", labelNames: ["quantile"] }),
    'TELLTALE_LABEL label of summary "s": found "quantile"; expected another name: a summary sets it itself.',
  ],
  [
    "buckets that do not rise",
    (m) => m.histogram({ name: "h", help: "h", buckets: [1, 1] }),
    'TELLTALE_FAMILY buckets of histogram "h": found [1, 1]; expected finite numbers, each above the one before (+Inf is added).',
  ],
  [
    "an infinite bucket",
    (m) => m.histogram({ name: "h", help: "h", buckets: [1, Number.POSITIVE_INFINITY] }),
    'TELLTALE_FAMILY buckets of histogram "h": found [1, Infinity]; expected finite numbers, each above the one before (+Inf is added).',
  ],
  [
    "no bucket",
    (m) => m.histogram({ name: "h", help: "h", buckets: [] }),
    'TELLTALE_FAMILY buckets of histogram "h": found []; expected finite numbers, each above the one before (+Inf is added).',
  ],
  [
    "a percentile over 1",
    (m) => m.summary({ name: "s", help: "h", percentiles: [99] }),
    'TELLTALE_FAMILY percentiles of summary "s": found [99]; expected numbers from 0 to 1.',
  ],
  [
    "a cap of 0",
    (m) => m.gauge({ name: "depth", help: "h", maxSeries: 0 }),
    'TELLTALE_FAMILY maxSeries of "depth": found 0; expected a number, 1 or more.',
  ],
  [
    "a negative time to live",
    (m) => m.gauge({ name: "depth", help: "h", ttlMs: -1 }),
    'TELLTALE_FAMILY ttlMs of "depth": found -1; expected a number, 0 or more.',
  ],
];

describe("a declaration", () => {
  it.each(bad)("is refused for %s, and leaves nothing behind", (_title, declare, complaint) => {
    const { metrics } = createFixture();
    expect(complaintOf(() => declare(metrics))).toBe(complaint);
    expect(metrics.registry.getMetricsAsArray()).toEqual([]);
  });

  it.each([["service-name"], ["__meta"], ["le"]])(
    "cannot follow default labels with the name %s",
    (label) => {
      const settings = { prefix: "", labels: { [label]: "x" }, maxSeriesPerFamily: 1 };
      expect(complaintOf(() => createMetrics(settings))).toContain(
        `TELLTALE_LABEL default label: found "${label}"`,
      );
    },
  );

  it("of the same name and shape returns the first family", () => {
    const { metrics } = createFixture();
    const declare = () => metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets: [1] });
    expect(declare()).toBe(declare());
  });

  it.each<[string, Declare, string]>([
    [
      "type",
      (m) => m.histogram({ name: "x", help: "h" }),
      'type of "x", declared a second time: found "histogram"; expected "gauge", as the first time.',
    ],
    [
      "help",
      (m) => m.gauge({ name: "x", help: "other", labelNames: ["a"] }),
      'help of "x", declared a second time: found "other"; expected "h", as the first time.',
    ],
    [
      "labels",
      (m) => m.gauge({ name: "x", help: "h", labelNames: ["b"] }),
      'labelNames of "x", declared a second time: found ["b"]; expected ["a"], as the first time.',
    ],
  ])("of the same name and another %s is refused", (_what, declare, complaint) => {
    const { metrics } = createFixture();
    metrics.gauge({ name: "x", help: "h", labelNames: ["a"] });
    expect(complaintOf(() => declare(metrics))).toBe(`TELLTALE_FAMILY ${complaint}`);
  });

  it("of the same name and other buckets is refused", () => {
    const { metrics } = createFixture();
    metrics.histogram({ name: "x", help: "h", buckets: [1] });
    expect(complaintOf(() => metrics.histogram({ name: "x", help: "h", buckets: [2] }))).toBe(
      'TELLTALE_FAMILY buckets of "x", declared a second time: found [2]; expected [1], as the first time.',
    );
  });

  it("of a name that somebody else registered is refused", () => {
    const { metrics } = createFixture();
    new client.Gauge({ name: "x", help: "h", registers: [metrics.registry] });
    expect(complaintOf(() => metrics.gauge({ name: "x", help: "h" }))).toBe(
      'TELLTALE_FAMILY gauge name: found "x"; expected a name that no other metric of this registry has.',
    );
  });

  it("made twice runs the collect callbacks of both", async () => {
    const { metrics, lines } = createFixture();
    const declare = (who: string): void => {
      const gauge: Gauge<"who"> = metrics.gauge({
        name: "x",
        help: "h",
        labelNames: ["who"],
        collect: () => gauge.set({ who }, 1),
      });
    };
    declare("one");
    declare("two");
    expect(await lines()).toEqual(['x{who="one"} 1', 'x{who="two"} 1']);
  });

  it("is made anew after the registry let go of the first", async () => {
    const { metrics, lines } = createFixture();
    const declare = () => metrics.counter({ name: "x_total", help: "h" });
    declare().inc(5);
    metrics.registry.removeSingleMetric("x_total");
    declare().inc();
    expect(await lines()).toEqual(["x_total 1"]);
  });
});
