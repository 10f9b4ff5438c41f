import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../src/errors.js";
import { createHouse } from "./fakes.js";

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
  }
  return "nothing thrown";
}

describe("registerHealthCheck", () => {
  it("shows a check that is not critical without letting it decide", async () => {
    const { health } = createHouse();
    health.markStarted();
    health.registerHealthCheck("cache", () => false, { critical: false });
    expect(await health.getHealthStatus()).toMatchObject({
      status: "healthy",
      checks: { cache: { status: "unhealthy" } },
    });
    health.registerHealthCheck("db", () => false);
    expect((await health.getHealthStatus()).status).toBe("unhealthy");
  });

  it("forgets a check that is unregistered, once", async () => {
    const { health } = createHouse();
    health.markStarted();
    const unregister = health.registerHealthCheck("db", () => false);
    unregister();
    health.registerHealthCheck("db", () => true);
    unregister();
    expect((await health.getHealthStatus()).checks).toEqual({ db: { status: "healthy" } });
  });

  it("never lets a check wait longer than the settings allow", async () => {
    const { health } = createHouse({ timeoutMs: 20 });
    health.markStarted();
    health.registerHealthCheck("db", () => new Promise(() => undefined), { timeoutMs: 3_600_000 });
    expect((await health.getHealthStatus()).status).toBe("unhealthy");
  });

  it("runs all checks side by side", async () => {
    const { health } = createHouse();
    health.markStarted();
    const order: string[] = [];
    let release: () => void = () => undefined;
    health.registerHealthCheck("slow", () => new Promise<void>((resolve) => (release = resolve)));
    health.registerHealthCheck("fast", () => {
      order.push("fast ran");
      release();
    });
    expect((await health.getHealthStatus()).status).toBe("healthy");
    expect(order).toEqual(["fast ran"]);
  });

  it("logs a failure once, with its error, and the recovery once", async () => {
    const { health, lines, clock } = createHouse();
    let healthy = false;
    const error = new Error("connect ECONNREFUSED db:5432");
    health.registerHealthCheck("db", () => {
      if (!healthy) throw error;
    });
    for (let i = 0; i < 3; i++) {
      await health.getHealthStatus();
      clock.ms += 1000;
    }
    healthy = true;
    await health.getHealthStatus();
    expect(lines).toEqual([
      {
        level: "warn",
        message: "health check failed",
        fields: { event: "health_check", check: "db", from: "healthy", to: "unhealthy", err: error },
      },
      {
        level: "info",
        message: "health check recovered",
        fields: { event: "health_check", check: "db", from: "unhealthy", to: "healthy" },
      },
    ]);
  });

  it("shows a check whose name is a member of every object", async () => {
    const { health } = createHouse();
    health.registerHealthCheck("__proto__", () => true);
    expect(JSON.stringify((await health.getHealthStatus()).checks)).toBe(
      '{"__proto__":{"status":"healthy"}}',
    );
  });

  it("refuses bad options in one line that names them", () => {
    const { health } = createHouse();
    health.registerHealthCheck("db", () => true);
    expect(messageOf(() => health.registerHealthCheck("db", () => true))).toBe(
      "TELLTALE_OPTION health check db: found a name that is taken, expected one of its own",
    );
    expect(messageOf(() => health.registerHealthCheck("", () => true))).toBe(
      'TELLTALE_OPTION health check name: found "", expected a text that is not empty',
    );
    expect(messageOf(() => health.registerHealthCheck("x", "no" as never))).toBe(
      "TELLTALE_OPTION health check x: found string, expected a function",
    );
    for (const timeoutMs of [0, -1, Number.NaN, "5" as never]) {
      expect(messageOf(() => health.registerHealthCheck("x", () => true, { timeoutMs }))).toBe(
        `TELLTALE_OPTION health check x.timeoutMs: found ${timeoutMs}, expected a number of milliseconds above 0`,
      );
    }
    expect(messageOf(() => health.registerHealthCheck("x", () => true, { groups: ["redy" as never] }))).toBe(
      'TELLTALE_OPTION health check x.groups: found "redy", expected live, ready, startup',
    );
  });
});
