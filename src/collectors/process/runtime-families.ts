import type { Declare } from "../../collector.js";
import type { Aggregator, Gauge, Histogram } from "../../metrics/types.js";

/** What one thread of Node tells of itself; prom-client's names where it has one. */
export interface RuntimeFamilies extends HeapFamilies, LoopFamilies {
  readonly gc: Histogram<"kind">;
  readonly activeResources: Gauge<"type">;
  readonly version: Gauge<"version" | "major" | "minor" | "patch">;
}

interface HeapFamilies {
  readonly heapTotal: Gauge<never>;
  readonly heapUsed: Gauge<never>;
  readonly heapLimit: Gauge<never>;
  readonly external: Gauge<never>;
  readonly arrayBuffers: Gauge<never>;
  readonly spaceTotal: Gauge<"space">;
  readonly spaceUsed: Gauge<"space">;
  readonly spaceAvailable: Gauge<"space">;
}

interface LoopFamilies {
  readonly utilization: Gauge<never>;
  readonly lag: Gauge<never>;
  readonly lagMin: Gauge<never>;
  readonly lagMax: Gauge<never>;
  readonly lagMean: Gauge<never>;
  readonly lagStddev: Gauge<never>;
  readonly lagP50: Gauge<never>;
  readonly lagP90: Gauge<never>;
  readonly lagP99: Gauge<never>;
}

const GC_BUCKETS = [0.0001, 0.001, 0.01, 0.1, 1, 2, 5];

/** Declares them. */
export function declareRuntimeFamilies(declare: Declare): RuntimeFamilies {
  return {
    ...declareHeap(declare),
    ...declareLoop(declare),
    gc: declare.histogram({
      name: "nodejs_gc_duration_seconds",
      help: "Time taken by garbage collections, by kind: major, minor, incremental or weakcb.",
      labelNames: ["kind"],
      unit: "seconds",
      buckets: GC_BUCKETS,
    }),
    activeResources: declare.gauge({
      name: "nodejs_active_resources",
      help: "What keeps the event loop alive now (sockets, timers, requests), by type.",
      labelNames: ["type"],
    }),
    version: declare.gauge({
      name: "nodejs_version_info",
      help: "Version of Node; always 1.",
      labelNames: ["version", "major", "minor", "patch"],
      aggregator: "first",
    }),
  };
}

function declareHeap(declare: Declare): HeapFamilies {
  const bytes = (name: string, help: string): Gauge<never> => declare.gauge({ name, help, unit: "bytes" });
  const space = (name: string, help: string): Gauge<"space"> =>
    declare.gauge({ name, help, unit: "bytes", labelNames: ["space"] });
  return {
    heapTotal: bytes("nodejs_heap_size_total_bytes", "Heap that V8 has taken from the system."),
    heapUsed: bytes("nodejs_heap_size_used_bytes", "Heap in use."),
    heapLimit: bytes("nodejs_heap_size_limit_bytes", "Heap at which V8 gives up and the process ends."),
    external: bytes("nodejs_external_memory_bytes", "Memory outside the heap that JavaScript objects hold."),
    arrayBuffers: bytes(
      "nodejs_array_buffers_bytes",
      "Memory of ArrayBuffers and Buffers; part of external.",
    ),
    spaceTotal: space("nodejs_heap_space_size_total_bytes", "Size of a space of the heap."),
    spaceUsed: space("nodejs_heap_space_size_used_bytes", "Part of a space of the heap that is in use."),
    spaceAvailable: space("nodejs_heap_space_size_available_bytes", "Part of a space that is free."),
  };
}

function declareLoop(declare: Declare): LoopFamilies {
  const seconds = (name: string, what: string, aggregator: Aggregator): Gauge<never> =>
    declare.gauge({
      name: `nodejs_eventloop_lag${name}_seconds`,
      help: `${what} of the event loop since the last scrape; the timer's own interval is taken off.`,
      unit: "seconds",
      aggregator,
    });
  return {
    utilization: declare.gauge({
      name: "nodejs_eventloop_utilization_ratio",
      help: "Share of the time since the last scrape in which the event loop was busy.",
      unit: "ratio",
      aggregator: "average",
    }),
    lag: seconds("", "Mean delay", "average"),
    lagMin: seconds("_min", "Least delay", "min"),
    lagMax: seconds("_max", "Greatest delay", "max"),
    lagMean: seconds("_mean", "Mean delay", "average"),
    lagStddev: seconds("_stddev", "Standard deviation of the delay", "average"),
    lagP50: seconds("_p50", "50th percentile of the delay", "average"),
    lagP90: seconds("_p90", "90th percentile of the delay", "max"),
    lagP99: seconds("_p99", "99th percentile of the delay", "max"),
  };
}
