import { createMetrics, type Metrics, type MetricsOptions } from "../../src/metrics/index.js";
import type { MetricsSettings } from "../../src/metrics/types.js";

/** Metrics without prefix or default labels, what they told, and a clock moved by hand. */
export interface Fixture {
  readonly metrics: Metrics;
  readonly told: string[];
  readonly clock: { nowMs: number; unixMs: number };
  /** The lines of the exposition that are no comments. */
  lines(): Promise<string[]>;
}

export function createFixture(
  settings: Partial<MetricsSettings> = {},
  options: MetricsOptions = {},
): Fixture {
  const told: string[] = [];
  const clock = { nowMs: 0, unixMs: 1_700_000_000_250 };
  const metrics = createMetrics(
    { prefix: "", labels: {}, maxSeriesPerFamily: 1000, ...settings },
    {
      onMisuse: (message) => told.push(message),
      now: () => clock.nowMs,
      clock: () => clock.unixMs,
      ...options,
    },
  );
  return {
    metrics,
    told,
    clock,
    lines: async () =>
      (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#")),
  };
}
