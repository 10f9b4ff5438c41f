import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRunningCheck, type RunningCheck } from "../../src/health/check.js";
import type { HealthCheck } from "../../src/health/types.js";

let runs = 0;

function check(run: HealthCheck, timeoutMs = 2000): RunningCheck {
  return createRunningCheck({
    name: "db",
    run: (context) => {
      runs++;
      return run(context);
    },
    timeoutMs,
    now: () => Date.now(),
  });
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  runs = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

describe("createRunningCheck", () => {
  it.each([
    ["undefined", () => undefined, "healthy"],
    ["true", () => true, "healthy"],
    ["a promise of void", () => Promise.resolve(), "healthy"],
    ["data", () => ({ available: 95 }), "healthy"],
    ["false", () => false, "unhealthy"],
    ["a promise of false", () => Promise.resolve(false), "unhealthy"],
    ["a status of its own", () => ({ status: "unhealthy" }), "unhealthy"],
  ])("takes %s as it is meant", async (_, run, status) => {
    expect((await check(run).result()).status).toBe(status);
  });

  it("keeps the error of a throw or a rejection for the log", async () => {
    const error = new Error("refused");
    const throws = check(() => {
      throw error;
    });
    expect(await throws.result()).toEqual({ status: "unhealthy", error });
    expect(await check(() => Promise.reject(error)).result()).toEqual({ status: "unhealthy", error });
  });

  it("shares one run among the probes that come while it lasts", async () => {
    let finish: (answer: boolean) => void = () => undefined;
    const running = check(() => new Promise((resolve) => (finish = resolve)));
    const results = [running.result(), running.result(), running.result()];
    await pass(0);
    finish(true);
    expect(await Promise.all(results)).toEqual([
      { status: "healthy" },
      { status: "healthy" },
      { status: "healthy" },
    ]);
    expect(runs).toBe(1);
  });

  it("keeps a result for a second and then asks again", async () => {
    const running = check(() => true);
    await running.result();
    await pass(999);
    await running.result();
    expect(runs).toBe(1);
    await pass(1);
    await running.result();
    expect(runs).toBe(2);
  });

  it("gives up on a hanging run after its time and tells it by the signal", async () => {
    let aborted: AbortSignal | undefined;
    const running = check(({ signal }) => {
      aborted = signal;
      return never();
    }, 50);
    const result = running.result();
    await pass(49);
    expect(aborted?.aborted).toBe(false);
    await pass(1);
    expect(await result).toMatchObject({ status: "unhealthy", error: new Error("no answer within 50 ms") });
    expect(aborted?.aborted).toBe(true);
  });

  it("answers at once, without another run, while a hanging one is outstanding", async () => {
    const running = check(never, 50);
    void running.result();
    await pass(5000);
    expect((await running.result()).status).toBe("unhealthy");
    expect(runs).toBe(1);
  });

  it("abandons a run after 30 s, and holds no more than three", async () => {
    const running = check(never, 50);
    for (let i = 0; i < 6; i++) {
      void running.result();
      await pass(30_000);
    }
    expect(runs).toBe(3);
  });

  it("runs again when a run that hung has ended after all", async () => {
    let finish: () => void = () => undefined;
    let answer: () => unknown = () => new Promise<void>((resolve) => (finish = resolve));
    const running = check(() => answer(), 50);
    void running.result();
    await pass(5000);
    answer = () => true;
    finish();
    await pass(1000);
    expect((await running.result()).status).toBe("healthy");
  });

  it("leaves no timer behind when the run is over, and aborts on stop", async () => {
    await check(() => true).result();
    expect(vi.getTimerCount()).toBe(0);
    let seen: AbortSignal | undefined;
    const running = check(({ signal }) => {
      seen = signal;
      return never();
    });
    void running.result();
    running.stop();
    expect(seen?.aborted).toBe(true);
  });
});
