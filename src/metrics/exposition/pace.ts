import { setImmediate } from "node:timers/promises";

/** Lets the event loop have its turn after each slice of work. */
export type Breathe = () => Promise<void> | undefined;

/** Makes the pace of one scrape; a slice is so many milliseconds long. */
export function createPace(sliceMs: number): Breathe {
  let startedAtMs = performance.now();

  async function rest(): Promise<void> {
    await setImmediate();
    startedAtMs = performance.now();
  }

  return () => (performance.now() - startedAtMs < sliceMs ? undefined : rest());
}
