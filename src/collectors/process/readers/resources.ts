import type { RuntimeFamilies } from "../runtime-families.js";

/** Makes the reader of what keeps the event loop alive; a type that is gone reads 0. */
export function createResourceReader({ activeResources }: RuntimeFamilies): () => void {
  const types = new Set<string>();
  return () => {
    const counts = new Map<string, number>();
    for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const type of counts.keys()) types.add(type);
    for (const type of types) activeResources.set({ type }, counts.get(type) ?? 0);
  };
}
