import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Indicator } from "../types.js";
import { systemIndicator, type UsageLimits, usageAnswer } from "./system.js";

/** What the memory is read from. */
export interface MemoryReader {
  heapUsedBytes(): number;
  /** The heap at which V8 gives up; what it has taken so far says nothing. */
  heapLimitBytes(): number;
  rssBytes(): number;
  /** What the container may use; 0, or more than the machine has, where there is no limit. */
  constrainedBytes(): number;
  totalBytes(): number;
}

const SYSTEM_READER: MemoryReader = {
  heapUsedBytes: () => getHeapStatistics().used_heap_size,
  heapLimitBytes: () => getHeapStatistics().heap_size_limit,
  rssBytes: () => process.memoryUsage.rss(),
  constrainedBytes: () => process.constrainedMemory?.() ?? 0,
  totalBytes: totalmem,
};

/**
 * `{usage}`: the heap against V8's limit or the process against what the container or the machine has, whichever is
 * the worse. Degraded from 85 %, unhealthy from 95 %.
 */
export function memory(limits: UsageLimits = {}, reader: MemoryReader = SYSTEM_READER): Indicator {
  return systemIndicator(() => {
    const heap = reader.heapUsedBytes() / reader.heapLimitBytes();
    const limit = Math.min(reader.constrainedBytes() || Number.POSITIVE_INFINITY, reader.totalBytes());
    return usageAnswer(Math.max(heap, reader.rssBytes() / limit), limits);
  });
}
