import { describe, expect, it } from "vitest";
import type { HealthCheckOptions } from "../../../src/health/index.js";
import { createHouse, type FakeHouse } from "../fakes.js";

interface Polled extends FakeHouse {
  /** Times at which the check ran. */
  runs: number[];
  /** What it does from now on. */
  answer: () => unknown;
  word(): string;
}

/** A service with one check whose runs are written down. */
function createPolled(answer: () => unknown, options: HealthCheckOptions = {}): Polled {
  const house = createHouse();
  house.health.markStarted();
  const polled: Polled = {
    ...house,
    runs: [],
    answer,
    word() {
      const { status, reason } = house.health.getHealthStatus().checks["db"] ?? {};
      return reason === undefined ? String(status) : `${status} ${reason}`;
    },
  };
  house.health.registerHealthCheck(
    "db",
    () => {
      polled.runs.push(house.clock.now());
      return polled.answer();
    },
    options,
  );
  return polled;
}

const never = (): Promise<never> => new Promise(() => undefined);
const fails = (): false => false;
const passes = (): true => true;

describe("a check polls", () => {
  it("at once and then at its interval, faster while it fails", async () => {
    const polled = createPolled(passes);
    await polled.clock.pass(20_000);
    expect(polled.runs).toEqual([0, 10_000, 20_000]);
    polled.answer = fails;
    await polled.clock.pass(12_000);
    expect(polled.runs).toEqual([0, 10_000, 20_000, 30_000, 32_000]);
    polled.answer = passes;
    await polled.clock.pass(13_000);
    expect(polled.runs.slice(5)).toEqual([34_000, 44_000]);
  });

  it("a tenth earlier or later, as chance has it", async () => {
    const polled = createPolled(passes);
    polled.clock.chance = 0;
    await polled.clock.pass(9000);
    polled.clock.chance = 1;
    await polled.clock.pass(0);
    expect(polled.runs).toEqual([0, 9000]);
    await polled.clock.pass(9000 + 9999);
    expect(polled.runs).toEqual([0, 9000, 18_000]);
    const still = createPolled(passes, { jitter: 0 });
    still.clock.chance = 0;
    await still.clock.pass(10_000);
    expect(still.runs).toEqual([0, 10_000]);
  });

  it("from the end of a run, not from its start", async () => {
    const polled = createPolled(never, { breaker: false, maxOutstanding: 10 });
    await polled.clock.pass(8000);
    expect(polled.runs).toEqual([0, 4000, 8000]);
  });

  it("with its own times, or those of the house", async () => {
    const polled = createPolled(passes, { intervalMs: 500 });
    await polled.clock.pass(1000);
    expect(polled.runs).toEqual([0, 500, 1000]);
  });

  it("no more once it is unregistered or the checks are stopped, and leaves no timer", async () => {
    const { health, clock } = createHouse();
    let runs = 0;
    const unregister = health.registerHealthCheck("a", () => void runs++);
    health.registerHealthCheck("b", () => void runs++);
    await clock.pass(0);
    unregister();
    expect(clock.timers()).toBe(1);
    health.stopChecks();
    expect(clock.timers()).toBe(0);
    health.registerHealthCheck("late", () => void runs++);
    await clock.pass(100_000);
    expect(runs).toBe(2);
  });
});

describe("the thresholds", () => {
  it("make one failure degraded and the third in a row unhealthy", async () => {
    const polled = createPolled(passes);
    await polled.clock.pass(0);
    expect(polled.word()).toBe("healthy");
    polled.answer = fails;
    const words: string[] = [];
    for (const ms of [10_000, 2000, 2000]) {
      await polled.clock.pass(ms);
      words.push(polled.word());
    }
    expect(words).toEqual(["degraded failed", "degraded failed", "unhealthy failed"]);
    polled.answer = passes;
    await polled.clock.pass(2000);
    expect(polled.word()).toBe("healthy");
  });

  it("count failures in a row only", async () => {
    let n = 0;
    const polled = createPolled(() => n++ % 3 === 0);
    await polled.clock.pass(60_000);
    expect(polled.runs.length).toBeGreaterThan(8);
    expect(polled.lines.map(({ fields }) => fields["to"])).not.toContain("unhealthy");
  });

  it("make a check that has never passed unhealthy at once", async () => {
    const polled = createPolled(fails);
    expect(polled.word()).toBe("unknown pending");
    await polled.clock.pass(0);
    expect(polled.word()).toBe("unhealthy failed");
  });

  it("keep a check down until it has passed as often as is asked", async () => {
    const polled = createPolled(passes, { successThreshold: 2, failureThreshold: 2 });
    await polled.clock.pass(0);
    polled.answer = fails;
    await polled.clock.pass(12_000);
    polled.answer = passes;
    await polled.clock.pass(2000);
    expect(polled.word()).toBe("unhealthy failed");
    polled.answer = fails;
    await polled.clock.pass(2000);
    expect(polled.word()).toBe("unhealthy failed");
    polled.answer = passes;
    await polled.clock.pass(4000);
    expect(polled.word()).toBe("healthy");
  });

  it("of the group live let even a new check fail five times, each second", async () => {
    const polled = createPolled(fails, { groups: ["live"] });
    const live = (): string => polled.health.getHealthStatus({ group: "live" }).status;
    await polled.clock.pass(3500);
    expect([polled.runs, polled.word(), live()]).toEqual([
      [0, 1000, 2000, 3000],
      "degraded failed",
      "degraded",
    ]);
    await polled.clock.pass(500);
    expect(live()).toBe("unhealthy");
    polled.answer = passes;
    await polled.clock.pass(1000);
    expect(live()).toBe("healthy");
  });
});

describe("a run", () => {
  it("that gives no answer has failed after its time, and is told so by its signal", async () => {
    const { health, clock } = createHouse();
    let signal: AbortSignal | undefined;
    health.registerHealthCheck("db", (context) => {
      signal = context.signal;
      return never();
    });
    await clock.pass(1999);
    expect(signal?.aborted).toBe(false);
    await clock.pass(1);
    expect(signal?.aborted).toBe(true);
    expect(health.getHealthStatus({ level: "full" }).checks["db"]).toMatchObject({
      status: "unhealthy",
      reason: "timeout",
      error: "no answer within 2000 ms",
    });
  });

  it("that hangs keeps others out for 30 s; further ticks count as timed out, and at most three are held", async () => {
    const polled = createPolled(never, { breaker: false });
    await polled.clock.pass(29_000);
    expect(polled.runs).toEqual([0]);
    expect(await polled.metric('health_check_runs_total{check="db",result="timeout"}')).toBeGreaterThan(10);
    await polled.clock.pass(600_000);
    expect(polled.runs).toHaveLength(3);
    expect(polled.word()).toBe("unhealthy timeout");
  });

  it("begins again when one that hung has ended after all", async () => {
    let finish: () => void = () => undefined;
    const polled = createPolled(() => new Promise<void>((resolve) => (finish = resolve)));
    await polled.clock.pass(3000);
    polled.answer = passes;
    finish();
    await polled.clock.pass(2000);
    expect(polled.word()).toBe("healthy");
  });

  it("is told what the last one said", async () => {
    const { health, clock } = createHouse();
    const seen: unknown[] = [];
    health.registerHealthCheck("db", ({ previous, name }) => {
      seen.push([name, previous?.status, previous?.["lag"]]);
      return { status: "degraded", lag: seen.length };
    });
    await clock.pass(10_000);
    expect(seen).toEqual([
      ["db", undefined, undefined],
      ["db", "degraded", 1],
    ]);
  });

  it("is kept within the number that may run at once, first come first served", async () => {
    const { health, clock } = createHouse({ concurrency: 2 });
    const [order, ends]: [string[], (() => void)[]] = [[], []];
    for (const name of ["a", "b", "c", "d"])
      health.registerHealthCheck(name, () => {
        order.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    await clock.pass(0);
    expect(order).toEqual(["a", "b"]);
    for (const [i, started] of [
      ["a", "b", "c"],
      ["a", "b", "c", "d"],
    ].entries()) {
      ends[i]?.();
      await clock.pass(0);
      expect(order).toEqual(started);
    }
    health.registerHealthCheck("e", () => void order.push("e"));
    await clock.pass(0);
    expect(order).toEqual(["a", "b", "c", "d"]);
    ends[2]?.();
    await clock.pass(0);
    expect(order).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("a result", () => {
  it("counts no more when no other follows it", async () => {
    const polled = createPolled(passes, { staleAfterMs: 5000 });
    await polled.clock.pass(5000);
    expect(polled.word()).toBe("healthy");
    await polled.clock.pass(1);
    expect(polled.word()).toBe("unhealthy stale");
    await polled.clock.pass(5000);
    expect(polled.word()).toBe("healthy");
  });

  it("grows stale after three intervals when its check waits for the others without end", async () => {
    const { health, clock } = createHouse({ concurrency: 1 });
    let hangs = false;
    health.registerHealthCheck("db", () => true);
    health.registerHealthCheck("jam", () => (hangs ? never() : true), {
      intervalMs: 900_000,
      timeoutMs: 800_000,
    });
    await clock.pass(9999);
    hangs = true;
    void health.checkComponentHealth("jam");
    await clock.pass(20_001);
    expect(health.getHealthStatus().checks["db"]?.status).toBe("healthy");
    await clock.pass(1);
    expect(health.getHealthStatus().checks["db"]).toEqual({ status: "unhealthy", reason: "stale" });
  });

  it("of a check that was stopped stays as it was: liveness must not fail in a service that drains", async () => {
    const polled = createPolled(passes, { groups: ["live"] });
    await polled.clock.pass(0);
    polled.health.stopChecks();
    await polled.clock.pass(3_600_000);
    expect(polled.word()).toBe("healthy");
  });
});

describe("the breaker", () => {
  const gaps = (runs: number[]): number[] => runs.slice(1).map((ms, i) => ms - (runs[i] as number));

  it("opens after five failures in a row, waits ever longer and half opens for one run", async () => {
    const polled = createPolled(fails);
    polled.clock.chance = 1;
    await polled.clock.pass(2200 * 4);
    expect(polled.word()).toBe("unhealthy circuit_open");
    await polled.clock.pass(120_000);
    const [first, ...waits] = gaps(polled.runs).slice(3);
    expect([first, waits]).toEqual([2200, [4000, 8000, 16_000, 30_000, 30_000, 30_000]]);
  });

  it("waits half as long as chance has it, and up to five minutes for a check that is not critical", async () => {
    const polled = createPolled(fails, { critical: false, jitter: 0 });
    polled.clock.chance = 0;
    await polled.clock.pass(8000);
    await polled.clock.pass(1_000_000);
    expect(gaps(polled.runs).slice(4, 12)).toEqual([
      2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 150_000,
    ]);
  });

  it("closes at the first success and begins anew with short waits", async () => {
    const polled = createPolled(fails, { jitter: 0 });
    polled.clock.chance = 1;
    await polled.clock.pass(8000 + 4000 + 8000);
    polled.answer = passes;
    await polled.clock.pass(16_000);
    expect([polled.word(), await polled.metric('health_check_circuit_state{check="db"}')]).toEqual([
      "healthy",
      0,
    ]);
    polled.answer = fails;
    await polled.clock.pass(10_000 + 8000 + 4000);
    expect(gaps(polled.runs).slice(-6)).toEqual([10_000, 2000, 2000, 2000, 2000, 4000]);
  });

  it("opens again at one failure before it has closed", async () => {
    const polled = createPolled(fails, { jitter: 0, successThreshold: 3 });
    polled.clock.chance = 1;
    await polled.clock.pass(8000);
    polled.answer = passes;
    await polled.clock.pass(4000);
    polled.answer = fails;
    await polled.clock.pass(2000 + 8000);
    expect(gaps(polled.runs).slice(4)).toEqual([4000, 2000, 8000]);
  });

  it("does not make the result stale while it is open, but when the run after it does not come", async () => {
    const polled = createPolled(fails, { staleAfterMs: 100, critical: false });
    polled.clock.chance = 1;
    await polled.clock.pass(2200 * 4 + 4000 + 8000 + 15_000);
    expect(polled.word()).toBe("unhealthy circuit_open");
  });

  it("is passed by when a check is asked for by hand", async () => {
    const polled = createPolled(fails);
    await polled.clock.pass(9000);
    expect(await polled.metric('health_check_circuit_state{check="db"}')).toBe(2);
    polled.answer = passes;
    const report = await polled.health.checkComponentHealth("db");
    expect(report).toMatchObject({ status: "healthy", meta: { circuit: "closed" } });
  });

  it("can be turned off or set", async () => {
    const off = createPolled(fails, { breaker: false, jitter: 0 });
    await off.clock.pass(40_000);
    expect(off.runs).toHaveLength(21);
    const set = createPolled(fails, { breaker: { failures: 2, maxWaitMs: 60_000 }, jitter: 0 });
    set.clock.chance = 1;
    await set.clock.pass(200_000);
    expect(gaps(set.runs)).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("never makes the status worse: an open one of a check that is not yet unhealthy leaves it degraded", async () => {
    const polled = createPolled(passes, { failureThreshold: 100 });
    await polled.clock.pass(0);
    polled.answer = fails;
    await polled.clock.pass(60_000);
    expect(polled.word()).toBe("degraded circuit_open");
  });
});
