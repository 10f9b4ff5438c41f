import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { Indicator } from "../types.js";
import { atLeast, systemIndicator } from "./system.js";

/** When the event loop is slow. */
export interface EventLoopOptions {
  /** Delay of one turn in a hundred, milliseconds. Default: 200. */
  readonly degradedMs?: number;
  /** Default: 1000. */
  readonly unhealthyMs?: number;
  /** Share of time that the loop is busy. Default: 0.98. */
  readonly degradedUtilization?: number;
}

/** What is read of the loop since the last time. */
export interface LoopReader {
  /** `start` begins to measure. */
  start(): void;
  read(): { readonly p99Ms: number; readonly utilization: number };
  stop(): void;
}

const RESOLUTION_MS = 20;

/** `{p99, utilization}` since the last run: degraded from 200 ms or 98 %, unhealthy from 1000 ms. */
export function eventLoop(options: EventLoopOptions = {}, reader: LoopReader = createReader()): Indicator {
  const { degradedMs = 200, unhealthyMs = 1000, degradedUtilization = 0.98 } = options;
  let started = false;
  const check = (): object => {
    if (!started) reader.start();
    if (!started) return (started = true) && {};
    const { p99Ms, utilization } = reader.read();
    const word = atLeast(p99Ms, { degraded: degradedMs, unhealthy: unhealthyMs });
    return {
      status: word === "healthy" && utilization >= degradedUtilization ? "degraded" : word,
      p99: `${Math.round(p99Ms)} ms`,
      utilization: `${Math.round(utilization * 100)}%`,
    };
  };
  return systemIndicator(check, () => reader.stop());
}

function createReader(): LoopReader {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let since = performance.eventLoopUtilization();
  return {
    start: () => void delay.enable(),
    read() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, since);
      since = now;
      // Node counts the timer's own interval in.
      const p99Ms = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
      delay.reset();
      return { p99Ms, utilization };
    },
    stop: () => void delay.disable(),
  };
}
