import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import type { RuntimeFamilies } from "../runtime-families.js";

const KINDS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

type GcEntry = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

/** Observes every garbage collection of this thread, each entry of a batch; returns the end of it. */
export function observeGc({ gc }: RuntimeFamilies): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as GcEntry[]) {
      const kind = KINDS.get(entry.detail?.kind);
      if (kind !== undefined) gc.observe({ kind }, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}
