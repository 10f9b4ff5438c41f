import type { Misuse } from "./misuse.js";

/** Sets values that are read rather than recorded; called before each scrape. */
export type Collect = () => void | Promise<void>;

/** Runs collect callbacks one after the other; a throw is told, and the values shown are the last ones set. */
export function createCollect(callbacks: Iterable<Collect>, misuse: Misuse): () => Promise<void> {
  return async () => {
    for (const callback of callbacks) {
      try {
        await callback();
      } catch (error) {
        misuse.tell(() => `its collect callback failed: ${String(error)}`);
      }
    }
  };
}
