import { createLeash, type Leashed, type LeashOptions } from "./metrics/families/leash.js";

type Read = () => void | Promise<void>;

/** What is read at each scrape rather than recorded. */
export interface Samples {
  /** Adds a reader; returns its removal. */
  add(read: Read): () => void;
  /** Runs them side by side; one that fails or takes too long is told, and the rest goes on. */
  run(): Promise<void>;
}

// All of them are one collect callback: the slowest has to be given up before the callback itself is.
const SHARE = 0.9;

/** Makes an empty list of samples, which a collect callback that may take so many milliseconds runs. */
export function createSamples(collectTimeoutMs: number, onFault: LeashOptions["onFault"]): Samples {
  const options = { timeoutMs: collectTimeoutMs * SHARE, onFault };
  const readers = new Map<Read, () => Promise<Leashed<void>>>();
  return {
    add(read) {
      readers.set(read, createLeash(read, options));
      return () => void readers.delete(read);
    },
    async run() {
      await Promise.all(Array.from(readers.values(), (read) => read()));
    },
  };
}
