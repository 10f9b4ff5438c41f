import { describe, test } from "vitest";
import { processCollector as collector, type ProcessLike } from "../../src/collectors/process/node.js";
import { contractOf } from "./subjects.js";

describe("the collector of the process keeps the contract: it", () => {
  const fixture = {
    open: () => ({
      target: process as ProcessLike,
      isRead: true,
      exercise: () => new Promise<void>((resolve) => setTimeout(resolve, 30)),
      close: () => undefined,
    }),
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
