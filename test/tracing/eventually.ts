import { expect } from "vitest";

/** Expects of a value that it comes true in time, on a busy machine too. */
export const eventually = <T>(read: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: 10_000 });
