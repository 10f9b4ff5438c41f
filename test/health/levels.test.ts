import { describe, expect, it } from "vitest";
import { createHouse } from "./fakes.js";

async function createService() {
  const house = createHouse();
  house.health.markStarted();
  house.health.registerHealthCheck("db", () => ({
    status: "unhealthy",
    error: new Error("password authentication failed for postgres://bob:hunter2@db"),
    message: "connect ECONNREFUSED 10.0.0.3:5432",
    host: "10.0.0.3",
    password: "hunter2",
    lag: 12,
    usage: "45 %",
    primary: false,
    empty: null,
  }));
  await house.clock.pass(0);
  return house;
}

describe("a level", () => {
  it("none tells the word and the time", async () => {
    const { health } = await createService();
    const { timestamp, ...rest } = health.getHealthStatus({ level: "none" });
    expect([typeof timestamp, rest]).toEqual(["string", { status: "unhealthy", checks: {} }]);
  });

  it("status tells the words of the checks", async () => {
    const { health } = await createService();
    expect(health.getHealthStatus({ level: "status" }).checks).toEqual({
      db: { status: "unhealthy", reason: "failed" },
    });
  });

  it("data tells numbers, flags and measures, and no other text", async () => {
    const { health } = await createService();
    const shown = {
      status: "unhealthy",
      reason: "failed",
      lag: 12,
      usage: "45 %",
      primary: false,
      empty: null,
    };
    expect(health.getHealthStatus().checks).toEqual({ db: shown });
  });

  it("full tells texts, the error and how the check runs, and no secret all the same", async () => {
    const { health } = await createService();
    const { db } = health.getHealthStatus({ level: "full" }).checks;
    expect(db).toMatchObject({
      status: "unhealthy",
      message: "connect ECONNREFUSED 10.0.0.3:5432",
      meta: {
        durationMs: 0,
        lastRunAt: "2023-11-14T22:13:20.000Z",
        lastSuccessAt: null,
        nextRunAt: "2023-11-14T22:13:22.000Z",
        consecutiveFailures: 1,
        circuit: "closed",
        critical: true,
        groups: ["ready"],
      },
    });
    expect(db?.error).toContain("password authentication failed");
    expect(JSON.stringify(db)).not.toContain("hunter2");
  });

  it("shows no numbers of a result that counts no more", async () => {
    const { health, clock } = createHouse();
    health.registerHealthCheck("db", () => ({ lag: 1 }), { staleAfterMs: 5 });
    await clock.pass(6);
    expect(health.getHealthStatus().checks).toEqual({ db: { status: "unhealthy", reason: "stale" } });
  });
});
