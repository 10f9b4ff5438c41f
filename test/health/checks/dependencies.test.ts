import { describe, expect, it } from "vitest";
import { createHouse } from "../fakes.js";

function createFamily(parent: () => unknown, child: () => unknown) {
  const house = createHouse();
  const runs: string[] = [];
  house.health.markStarted();
  house.health.registerHealthCheck(
    "orders",
    () => {
      runs.push("orders");
      return child();
    },
    { dependsOn: ["db"] },
  );
  house.health.registerHealthCheck("db", () => {
    runs.push("db");
    return parent();
  });
  return { ...house, runs, checks: () => house.health.getHealthStatus().checks };
}

describe("a check that depends on another", () => {
  it("runs after it, though it was registered before", async () => {
    const { clock, runs, checks } = createFamily(
      () => true,
      () => true,
    );
    expect(checks()["orders"]).toEqual({ status: "unknown", reason: "pending" });
    await clock.pass(0);
    expect(runs).toEqual(["db", "orders"]);
    expect(checks()["orders"]).toEqual({ status: "healthy" });
  });

  it("is skipped while that is down, says so, and holds readiness back; it runs as soon as that is up", async () => {
    let up = false;
    const { clock, runs, checks, health, metric } = createFamily(
      () => up,
      () => true,
    );
    await clock.pass(1000);
    expect(runs).toEqual(["db"]);
    expect(checks()["orders"]).toEqual({ status: "unknown", reason: "dependency:db" });
    expect(health.getHealthStatus({ group: "ready" }).status).toBe("unhealthy");
    expect(await metric('health_check_runs_total{check="orders",result="skipped"}')).toBe(1);
    up = true;
    await clock.pass(1200);
    expect(runs).toEqual(["db", "db", "orders"]);
    expect(checks()["orders"]).toEqual({ status: "healthy" });
  });

  it("keeps its last word, fresh, when that has been down for long", async () => {
    let up = true;
    const { clock, checks, lines, metric } = createFamily(
      () => up,
      () => ({ lag: 3 }),
    );
    await clock.pass(0);
    expect(await metric('health_status{check="orders"}')).toBe(2);
    up = false;
    await clock.pass(300_000);
    expect(checks()["orders"]).toEqual({ status: "unknown", reason: "dependency:db" });
    expect(await metric('health_status{check="orders"}')).toBeUndefined();
    up = true;
    await clock.pass(60_000);
    expect(checks()["orders"]).toEqual({ status: "healthy", lag: 3 });
    expect(lines.map(({ fields }) => fields["reason"])).not.toContain("stale");
  });

  it("is skipped for one that is skipped, and for one that is not there", async () => {
    const { health, clock } = createHouse();
    health.registerHealthCheck("a", () => false);
    health.registerHealthCheck("b", () => true, { dependsOn: ["a"] });
    health.registerHealthCheck("c", () => true, { dependsOn: ["b"] });
    health.registerHealthCheck("d", () => true, { dependsOn: ["nobody"] });
    await clock.pass(0);
    expect(health.getHealthStatus().checks).toEqual({
      a: { status: "unhealthy", reason: "failed" },
      b: { status: "unknown", reason: "dependency:a" },
      c: { status: "unknown", reason: "dependency:b" },
      d: { status: "unknown", reason: "dependency:nobody" },
    });
  });

  it("counts for nothing in liveness while it is skipped, nor where it is not critical", async () => {
    const { health, clock } = createHouse();
    health.markStarted();
    health.registerHealthCheck("db", () => false, { groups: ["startup"] });
    health.registerHealthCheck("a", () => true, { dependsOn: ["db"], groups: ["live"] });
    health.registerHealthCheck("b", () => true, { dependsOn: ["db"], critical: false });
    await clock.pass(0);
    expect(health.getHealthStatus({ group: "live" }).status).toBe("healthy");
    expect(health.getHealthStatus({ group: "ready" }).status).toBe("healthy");
  });

  it("runs all the same when it is asked for by hand", async () => {
    const { health, clock, runs } = createFamily(
      () => false,
      () => true,
    );
    await clock.pass(0);
    await health.checkComponentHealth("orders");
    expect(runs).toEqual(["db", "orders"]);
  });

  it("is refused when it closes a circle", () => {
    const { health } = createHouse();
    health.registerHealthCheck("a", () => true, { dependsOn: ["c"] });
    health.registerHealthCheck("b", () => true, { dependsOn: ["a"] });
    expect(() => health.registerHealthCheck("c", () => true, { dependsOn: ["b"] })).toThrow(
      "health check c.dependsOn: found c → b → a → c, expected no circle",
    );
    expect(() => health.registerHealthCheck("self", () => true, { dependsOn: ["self"] })).toThrow(
      "no circle",
    );
  });

  it("is looked at once however many ways lead to it", async () => {
    const { health, clock } = createHouse();
    health.registerHealthCheck("0", () => true);
    health.registerHealthCheck("0'", () => true);
    for (let i = 1; i < 60; i++)
      for (const tick of ["", "'"])
        health.registerHealthCheck(`${i}${tick}`, () => true, { dependsOn: [`${i - 1}`, `${i - 1}'`] });
    await clock.pass(0);
    expect(health.getHealthStatus({ level: "status" }).checks["59"]).toEqual({ status: "healthy" });
  });
});
