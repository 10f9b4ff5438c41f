import { onTestFinished } from "vitest";

/** The rejections that nobody handles during the test, which would crash a service. */
export function unhandledRejections(): readonly unknown[] {
  const seen: unknown[] = [];
  const before = process.listeners("unhandledRejection");
  const note = (reason: unknown): void => void seen.push(reason);
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  onTestFinished(() => {
    process.removeListener("unhandledRejection", note);
    for (const listener of before) process.on("unhandledRejection", listener);
  });
  return seen;
}
