import { type IntervalHistogram, monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { RuntimeFamilies } from "../runtime-families.js";

// prom-client's. The histogram holds the time from one timer to the next, so an idle loop reads the interval itself.
const INTERVAL_MS = 10;
const INTERVAL_NS = INTERVAL_MS * 1e6;
const NANOSECONDS = 1e9;

/** Watches the event loop of this thread. */
export interface LoopReader {
  /** Sets what was seen since the last read. */
  read(): void;
  close(): void;
}

/** Starts to watch. */
export function createLoopReader(families: RuntimeFamilies): LoopReader {
  const delays = monitorEventLoopDelay({ resolution: INTERVAL_MS });
  delays.enable();
  let last = performance.eventLoopUtilization();
  return {
    read() {
      const now = performance.eventLoopUtilization();
      families.utilization.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
      if (delays.count > 0) setDelays(families, delays);
      delays.reset();
    },
    close: () => void delays.disable(),
  };
}

function setDelays(families: RuntimeFamilies, delays: IntervalHistogram): void {
  const mean = secondsOf(delays.mean);
  families.lag.set(mean);
  families.lagMean.set(mean);
  families.lagMin.set(secondsOf(delays.min));
  families.lagMax.set(secondsOf(delays.max));
  families.lagStddev.set(delays.stddev / NANOSECONDS);
  families.lagP50.set(secondsOf(delays.percentile(50)));
  families.lagP90.set(secondsOf(delays.percentile(90)));
  families.lagP99.set(secondsOf(delays.percentile(99)));
}

function secondsOf(nanoseconds: number): number {
  return Math.max(0, nanoseconds - INTERVAL_NS) / NANOSECONDS;
}
