import { describe, expect, it } from "vitest";
import { createHouse } from "./fakes.js";

describe("createHealth", () => {
  it("is not ready until it is told that the service has started", async () => {
    const { health } = createHouse();
    expect(await health.getHealthStatus()).toMatchObject({ status: "unhealthy", state: "starting" });
    health.markStarted();
    expect(await health.getHealthStatus()).toMatchObject({ status: "healthy" });
  });

  it("names the middleware, so that a stack of them reads well", () => {
    expect(createHouse().health.router().name).toBe("telltaleHealth");
  });

  it("aborts what runs when it is closed, and answers stopped from then on", async () => {
    const { health, clock } = createHouse();
    health.markStarted();
    let seen: AbortSignal | undefined;
    health.registerHealthCheck("db", ({ signal }) => {
      seen = signal;
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(false)));
    });
    await clock.pass(0);
    const closed = health.close();
    expect(seen?.aborted).toBe(true);
    expect(clock.timers()).toBe(0);
    await closed;
    expect(await health.getHealthStatus()).toMatchObject({ state: "stopped", checks: {} });
  });

  it("keeps two instances apart", async () => {
    const [one, two] = [createHouse(), createHouse()];
    one.health.markStarted();
    one.health.registerHealthCheck("db", () => false);
    two.health.markStarted();
    expect((await two.health.getHealthStatus()).checks).toEqual({});
  });
});
