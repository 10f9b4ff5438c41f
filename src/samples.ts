type Read = () => void | Promise<void>;

/** What is read at each scrape rather than recorded. */
export interface Samples {
  /** Adds a reader; returns its removal. */
  add(read: Read): () => void;
  /** Runs them in turn; one that fails is told, and the rest goes on. */
  run(): Promise<void>;
}

/** Makes an empty list of samples. */
export function createSamples(onFault: (error: unknown) => void): Samples {
  const readers = new Set<Read>();
  return {
    add(read) {
      readers.add(read);
      return () => void readers.delete(read);
    },
    async run() {
      for (const read of readers) {
        try {
          await read();
        } catch (error) {
          onFault(error);
        }
      }
    },
  };
}
