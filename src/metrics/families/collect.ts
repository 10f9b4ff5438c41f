import { createLeash, type Leashed } from "./leash.js";
import type { Misuse } from "./misuse.js";

/** Sets values that are read rather than recorded; called before each scrape, with the family as `this`. */
export type Collect = (this: never) => void | Promise<void>;

/** How long a callback may take, milliseconds, where the settings do not say. */
export const COLLECT_TIMEOUT_MS = 1000;

/** What collect callbacks are run with. */
export interface CollectParts {
  readonly callbacks: Iterable<Collect>;
  readonly misuse: Misuse;
  /** The family. */
  readonly self: () => object;
  /** Milliseconds after which a callback is left behind. Default: 1000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Runs collect callbacks side by side; scrapes that come meanwhile share the run. One that throws, or takes too long, is
 * told, and the values shown are the last ones set. None is started again before its last run is over.
 */
export function createCollect(parts: CollectParts): () => Promise<void> {
  const { callbacks, misuse, self, timeoutMs = COLLECT_TIMEOUT_MS } = parts;
  const leashes = new WeakMap<Collect, () => Promise<Leashed<void>>>();
  const onFault = (error: unknown): void =>
    misuse.tell(() => `its collect callback failed: ${String(error)}`);

  function leashOf(callback: Collect): () => Promise<Leashed<void>> {
    const known = leashes.get(callback);
    if (known !== undefined) return known;
    const leash = createLeash(() => callback.call(self() as never), { timeoutMs, onFault });
    leashes.set(callback, leash);
    return leash;
  }

  return async () => {
    await Promise.all(Array.from(callbacks, (callback) => leashOf(callback)()));
  };
}
