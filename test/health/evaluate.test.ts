import { describe, expect, it } from "vitest";
import type { CheckGroup, HealthSettings } from "../../src/health/index.js";
import { createHouse } from "./fakes.js";

const GROUPS: readonly CheckGroup[] = ["live", "ready", "startup", "health"];

function createService(settings: Partial<HealthSettings> = {}) {
  const house = createHouse(settings);
  const words = (): string =>
    GROUPS.map((group) => `${group} ${house.health.getHealthStatus({ group }).status}`).join(", ");
  return { ...house, words };
}

const ALL_WELL = "live healthy, ready healthy, startup healthy, health healthy";

describe("the endpoints", () => {
  it("follow the life of the service", async () => {
    const { health, words } = createService();
    expect(words()).toBe("live healthy, ready unhealthy, startup unhealthy, health unhealthy");
    health.markStarted();
    expect(words()).toBe(ALL_WELL);
    health.setReady(false);
    expect(words()).toBe("live healthy, ready unhealthy, startup healthy, health unhealthy");
    health.setReady(true);
    expect(words()).toBe(ALL_WELL);
    health.drain();
    expect(words()).toBe("live healthy, ready unhealthy, startup healthy, health unhealthy");
    await health.close();
    expect(words()).toBe("live healthy, ready unhealthy, startup healthy, health unhealthy");
  });

  it("stay draining whatever is said later, unless draining is not to show", () => {
    const { health, words } = createService();
    health.drain();
    health.markStarted();
    health.setReady(true);
    expect(health.getHealthStatus({ group: "ready" })).toMatchObject({ state: "draining" });
    const quiet = createService({ failReadyOnShutdown: false });
    quiet.health.markStarted();
    quiet.health.drain();
    expect([words().includes("ready unhealthy"), quiet.words()]).toEqual([true, ALL_WELL]);
  });

  it.each([
    ["live", "live unhealthy, ready healthy, startup healthy, health unhealthy"],
    ["ready", "live healthy, ready unhealthy, startup healthy, health unhealthy"],
    ["startup", "live healthy, ready healthy, startup unhealthy, health unhealthy"],
    ["health", "live healthy, ready healthy, startup healthy, health unhealthy"],
  ] as const)("fail by the group of the check that fails: %s", async (group, expected) => {
    const { health, clock, words } = createService();
    health.markStarted();
    health.registerHealthCheck("x", () => false, { groups: [group], failureThreshold: 1 });
    await clock.pass(0);
    expect(words()).toBe(expected);
    health.drain();
    expect(health.getHealthStatus({ group: "live" }).status).toBe("healthy");
  });

  it("are degraded, and well, with a check that is degraded or not critical", async () => {
    for (const [answer, options] of [
      [{ status: "degraded" }, {}],
      [false, { critical: false }],
    ] as const) {
      const { health, clock, words } = createService();
      health.markStarted();
      health.registerHealthCheck("cache", () => answer, options);
      await clock.pass(0);
      expect(words()).toBe("live healthy, ready degraded, startup healthy, health degraded");
    }
  });

  it("wait for the first result of a critical check until the service was ready once, and for none that comes later", async () => {
    const { health, clock, words } = createService();
    health.markStarted();
    health.registerHealthCheck("db", () => true);
    health.registerHealthCheck("cache", () => true, { critical: false });
    expect(words()).toContain("ready unhealthy");
    await clock.pass(0);
    expect(words()).toBe(ALL_WELL);
    health.registerHealthCheck("late", () => new Promise(() => undefined));
    expect(words()).toBe(ALL_WELL);
    await clock.pass(2000);
    expect(words()).toContain("ready unhealthy");
  });

  it("latch startup at its first success, and never before the start", async () => {
    const { health, clock } = createService();
    const startup = (): string => health.getHealthStatus({ group: "startup" }).status;
    expect(startup()).toBe("unhealthy");
    health.markStarted();
    expect(startup()).toBe("healthy");
    health.registerHealthCheck("migrations", () => false, { groups: ["startup"] });
    await clock.pass(0);
    expect(startup()).toBe("healthy");
  });

  it("name the state only where it decides", () => {
    const { health } = createService();
    const state = (group: CheckGroup) => health.getHealthStatus({ group }).state;
    expect([state("ready"), state("startup"), state("live")]).toEqual(["starting", "starting", undefined]);
    health.markStarted();
    expect(state("ready")).toBeUndefined();
    health.setReady(false);
    expect([state("health"), state("startup")]).toEqual(["not_ready", undefined]);
    health.drain();
    expect(state("ready")).toBe("draining");
  });

  it("show the user's shape", async () => {
    const { health, clock } = createService();
    health.markStarted();
    health.registerHealthCheck("memory", () => ({ usage: "45%" }));
    health.registerHealthCheck(
      "connections",
      health.indicators.connections(() => ({ available: 95, total: 100 })),
    );
    health.registerHealthCheck("disk", () => ({ usage: "23%" }));
    await clock.pass(0);
    expect(JSON.stringify(health.getHealthStatus())).toBe(
      '{"status":"healthy","timestamp":"2023-11-14T22:13:20.000Z","checks":{"memory":{"status":"healthy","usage":"45%"},"connections":{"status":"healthy","available":95,"total":100},"disk":{"status":"healthy","usage":"23%"}}}',
    );
  });
});
