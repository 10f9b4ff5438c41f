/** What foreign code is run with. */
export interface LeashOptions {
  /** Milliseconds after which a run is left behind. */
  readonly timeoutMs: number;
  /** Told of a run that failed or was left behind, once for each. */
  onFault(error: unknown): void;
}

/** What a run answered; undefined where it failed or is still out. */
export type Leashed<T> = { readonly value: T } | undefined;

/**
 * Makes foreign code that may throw or hang safe to wait for. Who comes while a run is under way waits for the same one.
 * A run that takes too long is left behind, and no other is started until it is done. Never rejects.
 */
export function createLeash<T>(
  run: () => T | PromiseLike<T>,
  { timeoutMs, onFault }: LeashOptions,
): () => Promise<Leashed<T>> {
  let joined: Promise<Leashed<T>> | undefined;
  let isOut = false;

  async function settle(): Promise<Leashed<T>> {
    try {
      return { value: await run() };
    } catch (error) {
      onFault(error);
      return undefined;
    } finally {
      isOut = false;
    }
  }

  function start(): Promise<Leashed<T>> {
    isOut = true;
    return new Promise((resolve) => {
      let isWaitedFor = true;
      const done = (answer: Leashed<T>): void => {
        // Left behind: whoever comes by now waits for a later run.
        if (!isWaitedFor) return;
        isWaitedFor = false;
        clearTimeout(timer);
        joined = undefined;
        resolve(answer);
      };
      const timer = setTimeout(() => {
        done(undefined);
        onFault(new Error(`took longer than ${timeoutMs} ms; it takes part again once it is done`));
      }, timeoutMs).unref();
      void settle().then(done);
    });
  }

  return () => (joined ??= isOut ? undefined : start()) ?? Promise.resolve(undefined);
}
