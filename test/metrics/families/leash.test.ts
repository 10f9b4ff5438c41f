import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLeash } from "../../../src/metrics/families/leash.js";

const LONG = { timeoutMs: 60_000, onFault: () => undefined };

/** A run that ends when it is told to. */
function held() {
  const runs: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const faults: string[] = [];
  const run = (): Promise<string> =>
    new Promise((resolve, reject) => {
      runs.push({ resolve, reject });
    });
  return {
    run,
    runs,
    faults,
    options: { timeoutMs: 5, onFault: (error: unknown) => faults.push(String(error)) },
  };
}

test("answers what was run, at once or later", async () => {
  expect(await createLeash(() => 1, LONG)()).toEqual({ value: 1 });
  expect(await createLeash(async () => undefined, LONG)()).toEqual({ value: undefined });
});

test("tells of a throw and of a rejection, and runs again the next time", async () => {
  const { faults, options } = held();
  let runs = 0;
  const leash = createLeash(() => {
    runs++;
    if (runs === 1) throw new Error("thrown");
    return runs === 2 ? Promise.reject(new Error("rejected")) : runs;
  }, options);
  expect([await leash(), await leash(), await leash()]).toEqual([undefined, undefined, { value: 3 }]);
  expect(faults).toEqual(["Error: thrown", "Error: rejected"]);
});

test("who comes while a run is under way shares it", async () => {
  const { run, runs } = held();
  const leash = createLeash(run, LONG);
  const answers = [leash(), leash()];
  runs[0]?.resolve("once");
  expect(await Promise.all(answers)).toEqual([{ value: "once" }, { value: "once" }]);
  expect(runs.length).toBe(1);
  const next = leash();
  runs[1]?.resolve("twice");
  expect(await next).toEqual({ value: "twice" });
});

test("leaves a run behind that takes too long, and starts none until it is over", async () => {
  const { run, runs, faults, options } = held();
  const leash = createLeash(run, options);
  expect(await leash()).toBeUndefined();
  expect(await leash()).toBeUndefined();
  expect([runs.length, faults]).toEqual([
    1,
    ["Error: took longer than 5 ms; it takes part again once it is done"],
  ]);
  runs[0]?.resolve("late");
  await Promise.resolve().then(() => undefined);
  const again = leash();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve("in time");
  expect(await again).toEqual({ value: "in time" });
});

test("tells of a run that fails after it was left behind", async () => {
  const { run, runs, faults, options } = held();
  const leash = createLeash(run, options);
  await leash();
  runs[0]?.reject(new Error("late"));
  await expect.poll(() => faults.length).toBe(2);
  expect(faults[1]).toBe("Error: late");
});

test("a run that was left behind and ends meanwhile parts nobody from the next one", async () => {
  const { run, runs, options } = held();
  const leash = createLeash(run, options);
  await leash();
  runs[0]?.resolve("late");
  let again = leash();
  while (runs.length < 2) {
    await null;
    again = leash();
  }
  for (let i = 0; i < 5; i++) await null;
  const shared = leash();
  runs[1]?.resolve("in time");
  expect(await Promise.all([again, shared])).toEqual([{ value: "in time" }, { value: "in time" }]);
});

test("tells of nothing once a run ended in time", async () => {
  const { faults, options } = held();
  await createLeash(() => 1, options)();
  await setTimeout(options.timeoutMs * 4);
  expect(faults).toEqual([]);
});

test("keeps no process alive that has nothing else to do", () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
  const before = timers();
  void createLeash(held().run, LONG)();
  expect(timers()).toBe(before);
});
