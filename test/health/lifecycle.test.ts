import { describe, expect, it } from "vitest";
import { createLifecycle, type Lifecycle } from "../../src/health/lifecycle.js";

function createLife(): { life: Lifecycle; steps: string[] } {
  const steps: string[] = [];
  const life = createLifecycle(({ from, to, reason }) => {
    expect(life.state()).toBe(to);
    steps.push(`${from} > ${to}${reason === undefined ? "" : ` (${reason})`}`);
  });
  return { life, steps };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a life", () => {
  it("goes from starting to ready and back and forth, each step told once, after it was taken", () => {
    const { life, steps } = createLife();
    life.markStarted();
    life.markStarted();
    life.setReady(true);
    life.setReady(false, "maintenance");
    life.setReady(false);
    life.setReady(true);
    expect(steps).toEqual(["starting > ready", "ready > not_ready (maintenance)", "not_ready > ready"]);
  });

  it("keeps a readiness that was set while starting", () => {
    const { life } = createLife();
    life.setReady(false);
    expect(life.state()).toBe("starting");
    life.markStarted();
    expect(life.state()).toBe("not_ready");
  });

  it("drains at once and for good, and stops after that alone", () => {
    const { life, steps } = createLife();
    life.drain("SIGTERM");
    expect(life.state()).toBe("draining");
    life.markStarted();
    life.setReady(true);
    life.drain("again");
    expect(life.state()).toBe("draining");
    life.stop();
    life.drain();
    life.stop();
    expect(life.state()).toBe("stopped");
    expect(steps).toEqual(["starting > draining (SIGTERM)", "draining > stopped"]);
  });

  it("is not ready while any task blocks it, though the task comes after readiness", async () => {
    const { life } = createLife();
    life.markStarted();
    const ends: (() => void)[] = [];
    for (let i = 0; i < 2; i++) life.block(new Promise<void>((resolve) => ends.push(resolve)));
    expect(life.state()).toBe("not_ready");
    ends[0]?.();
    await settle();
    expect(life.state()).toBe("not_ready");
    ends[1]?.();
    await settle();
    expect(life.state()).toBe("ready");
  });

  it("stays not ready after a task that failed, until it is said by hand", async () => {
    const { life, steps } = createLife();
    life.markStarted();
    life.block(Promise.reject(new Error("migration")));
    await settle();
    expect(life.state()).toBe("not_ready");
    life.setReady(true);
    expect(steps).toEqual(["starting > ready", "ready > not_ready (blocked)", "not_ready > ready"]);
  });
});
