import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { RuntimeFamilies } from "../runtime-families.js";

/** Reads the heap of this thread. */
export function readHeap(families: RuntimeFamilies): void {
  const { total_heap_size, used_heap_size, heap_size_limit } = getHeapStatistics();
  families.heapTotal.set(total_heap_size);
  families.heapUsed.set(used_heap_size);
  families.heapLimit.set(heap_size_limit);
  const { external, arrayBuffers } = process.memoryUsage();
  families.external.set(external);
  families.arrayBuffers.set(arrayBuffers);
  for (const statistics of getHeapSpaceStatistics()) {
    // prom-client's labels: `new_space` is `new`.
    const space = statistics.space_name.replace(/_space$/, "");
    families.spaceTotal.set({ space }, statistics.space_size);
    families.spaceUsed.set({ space }, statistics.space_used_size);
    families.spaceAvailable.set({ space }, statistics.space_available_size);
  }
}
