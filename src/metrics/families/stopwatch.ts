import type { Misuse } from "./misuse.js";

/** Labels given when a timer starts and when it ends, as one object. Those that cannot be read are left out. */
export function joinLabels(misuse: Misuse, ...given: readonly (object | undefined)[]): object {
  const joined = {};
  for (const labels of given) {
    try {
      Object.assign(joined, labels);
    } catch {
      misuse.count("unreadable", () => "labels of a timer threw when they were read; they were left out.");
    }
  }
  return joined;
}

/** Starts now; the returned function hands the seconds passed to `record`, with what it is called with, and returns them. */
export function startStopwatch<T>(record: (seconds: number, more?: T) => void): (more?: T) => number {
  const startedAtMs = performance.now();
  return (more) => {
    const seconds = (performance.now() - startedAtMs) / 1000;
    record(seconds, more);
    return seconds;
  };
}
