/** Waits for `work`, but no longer than `limitMs`: undefined when time ran out. Rejects as `work` does; keeps no process alive. */
export async function within<T>(
  work: Promise<T>,
  limitMs: number,
): Promise<{ readonly value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
    timer.unref();
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
