/** Starts now; the returned function hands the seconds passed to `record`, with what it is called with, and returns them. */
export function startStopwatch<T>(record: (seconds: number, more?: T) => void): (more?: T) => number {
  const startedAtMs = performance.now();
  return (more) => {
    const seconds = (performance.now() - startedAtMs) / 1000;
    record(seconds, more);
    return seconds;
  };
}
