/** Runs `task` once there is room. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets at most `concurrency` tasks run at once, in the order in which they came. */
export function createLimiter(concurrency: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;

  // The place is handed over rather than given back, or a newcomer could take it first.
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }

  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
