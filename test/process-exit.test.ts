import { expect, it } from "vitest";
import { onProcessExit } from "../src/process-exit.js";

it("keeps one listener for any number of runs, and forgets a run when asked", () => {
  onProcessExit(() => undefined)();
  const before = process.listenerCount("exit");
  const seen: number[] = [];
  const forget = [1, 2, 3].map((n) => onProcessExit(() => void seen.push(n)));
  expect(process.listenerCount("exit")).toBe(before);
  forget[1]?.();
  for (const run of Reflect.get(process, Symbol.for("telltale.exit.1")) as Set<() => void>) run();
  forget[0]?.();
  forget[2]?.();
  expect(seen).toEqual([1, 3]);
});
