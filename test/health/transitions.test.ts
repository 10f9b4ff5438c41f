import { describe, expect, it } from "vitest";
import type { HealthTransition } from "../../src/health/index.js";
import { createHouse } from "./fakes.js";

function createService() {
  const house = createHouse();
  const told: HealthTransition[] = [];
  house.health.onTransition((transition) => void told.push(transition));
  const shown = () =>
    told.map(({ subject, check, from, to, reason, msInPrevious }) =>
      [check ?? subject, from, to, reason, msInPrevious].join(" "),
    );
  return { ...house, told, shown };
}

describe("a transition", () => {
  it("is told of checks, of the whole and of the state, with how long the last one held", async () => {
    const { health, clock, shown } = createService();
    let up = true;
    health.registerHealthCheck("db", () => up, { failureThreshold: 1 });
    await clock.pass(5000);
    health.markStarted();
    up = false;
    await clock.pass(5000);
    health.drain("SIGTERM");
    expect(shown()).toEqual([
      "db unknown healthy  0",
      "state starting ready  5000",
      "overall unhealthy healthy  5000",
      "db healthy unhealthy failed 10000",
      "overall healthy unhealthy  5000",
      "state ready draining SIGTERM 5000",
    ]);
  });

  it("reaches nobody who has left, and a listener that throws harms none", () => {
    const { health, faults, shown } = createService();
    const left: unknown[] = [];
    health.onTransition((transition) => void left.push(transition))();
    health.onTransition(() => {
      throw new Error("listener");
    });
    health.markStarted();
    expect(left).toEqual([]);
    expect(faults).toMatchObject([{ message: "listener" }, { message: "listener" }]);
    expect(shown()).toHaveLength(2);
  });
});

describe("the log", () => {
  it("tells each change of a check once, down as a warning, up as information; a good start is no news", async () => {
    const { health, clock, lines } = createService();
    const error = new Error("connect ECONNREFUSED");
    let up = true;
    health.registerHealthCheck("db", () => {
      if (!up) throw error;
    });
    await clock.pass(0);
    expect(lines).toEqual([]);
    up = false;
    await clock.pass(20_000);
    up = true;
    await clock.pass(10_000);
    const event = "health_check";
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      [
        "warn",
        {
          event,
          check: "db",
          from: "healthy",
          to: "degraded",
          reason: "failed",
          msInPrevious: 10_000,
          err: error,
        },
      ],
      [
        "warn",
        {
          event,
          check: "db",
          from: "degraded",
          to: "unhealthy",
          reason: "failed",
          msInPrevious: 4000,
          err: error,
        },
      ],
      ["info", { event, check: "db", from: "unhealthy", to: "healthy", msInPrevious: expect.any(Number) }],
    ]);
  });

  it("tells a check that has never passed", async () => {
    const { health, clock, lines } = createService();
    health.registerHealthCheck("db", () => false);
    await clock.pass(0);
    expect(lines).toMatchObject([{ level: "warn", fields: { from: "unknown", to: "unhealthy" } }]);
  });

  it("tells what goes back and forth five times, then once a minute how often", async () => {
    const { health, clock, lines } = createService();
    let n = 0;
    health.registerHealthCheck("db", () => n++ % 2 === 0, {
      intervalMs: 1000,
      failureThreshold: 1,
      jitter: 0,
    });
    await clock.pass(60_000);
    expect(lines.filter(({ fields }) => fields["event"] === "health_check")).toHaveLength(5);
    await clock.pass(1000);
    expect(lines.at(5)).toMatchObject({
      level: "warn",
      fields: { event: "health_flapping", check: "db", changes: 60 },
      message: "health: db changed 60 times in a minute",
    });
    expect(lines.filter(({ fields }) => fields["event"] === "health_flapping")).toHaveLength(1);
    await health.close();
    expect(clock.timers()).toBe(0);
  });
});

describe("the metrics", () => {
  it("show each check, the whole, readiness and liveness", async () => {
    const { health, clock, metric } = createService();
    const answers: Record<string, unknown> = { good: true, fair: { status: "degraded" }, bad: false };
    for (const [name, answer] of Object.entries(answers)) health.registerHealthCheck(name, () => answer);
    expect(await metric('health_status{check="good"}')).toBeUndefined();
    expect(await metric("health_ready")).toBe(0);
    health.markStarted();
    await clock.pass(2000);
    const values = await Promise.all(
      Object.keys(answers).map((name) => metric(`health_status{check="${name}"}`)),
    );
    expect(values).toEqual([2, 1, 0]);
    expect(await metric("health_overall_status")).toBe(0);
    expect(await metric("health_ready")).toBe(0);
    expect(await metric("health_live")).toBe(1);
    expect(await metric('health_check_runs_total{check="bad",result="failure"}')).toBe(2);
    expect(await metric('health_check_runs_total{check="good",result="success"}')).toBe(1);
    expect(await metric('health_check_duration_seconds_count{check="good"}')).toBe(1);
    expect(await metric('health_check_transitions_total{check="bad",to="unhealthy"}')).toBe(1);
    expect(await metric('health_check_consecutive_failures{check="bad"}')).toBe(2);
    expect(await metric('health_check_last_success_timestamp_seconds{check="good"}')).toBe(1_700_000_000);
    expect(await metric('health_check_last_success_timestamp_seconds{check="bad"}')).toBeUndefined();
    expect(await metric('health_check_circuit_state{check="bad"}')).toBe(0);
    await clock.pass(6600);
    expect(await metric('health_check_circuit_state{check="bad"}')).toBe(2);
  });
});
