import { describe, expect, it } from "vitest";
import { createChecks } from "../../src/health/checks.js";
import { createEvaluate } from "../../src/health/evaluate.js";
import { createLifecycle } from "../../src/health/lifecycle.js";
import type { HealthEndpoint } from "../../src/health/paths.js";

function createService() {
  const checks = createChecks({
    timeoutMs: 2000,
    now: () => 0,
    log: { info: () => undefined, warn: () => undefined },
  });
  const lifecycle = createLifecycle();
  const evaluate = createEvaluate(lifecycle, checks);
  const words = async (): Promise<string> => {
    const endpoints: HealthEndpoint[] = ["live", "ready", "startup", "health"];
    const all = await Promise.all(endpoints.map(evaluate));
    return all.map(({ status }, i) => `${endpoints[i]} ${status === "healthy" ? 200 : 503}`).join(", ");
  };
  return { checks, lifecycle, evaluate, words };
}

describe("the endpoints", () => {
  it("follow the life of the service", async () => {
    const { lifecycle, words } = createService();
    expect(await words()).toBe("live 200, ready 503, startup 503, health 503");
    lifecycle.markStarted();
    expect(await words()).toBe("live 200, ready 200, startup 200, health 200");
    lifecycle.setReady(false);
    expect(await words()).toBe("live 200, ready 503, startup 200, health 503");
    lifecycle.setReady(true);
    expect(await words()).toBe("live 200, ready 200, startup 200, health 200");
    lifecycle.drain();
    expect(await words()).toBe("live 200, ready 503, startup 200, health 503");
  });

  it("stay draining whatever is said later", async () => {
    const { lifecycle, evaluate, words } = createService();
    lifecycle.drain();
    expect(await evaluate("ready")).toMatchObject({ state: "draining" });
    lifecycle.markStarted();
    lifecycle.setReady(true);
    expect(await words()).toBe("live 200, ready 503, startup 200, health 503");
  });

  it("fail by the group of the check that fails", async () => {
    for (const [group, expected] of [
      ["live", "live 503, ready 200, startup 200, health 503"],
      ["ready", "live 200, ready 503, startup 200, health 503"],
      ["startup", "live 200, ready 200, startup 503, health 503"],
    ] as const) {
      const { checks, lifecycle, words } = createService();
      lifecycle.markStarted();
      checks.register("x", () => false, { groups: [group] });
      expect(await words()).toBe(expected);
    }
  });

  it("latch startup at its first success", async () => {
    const { checks, lifecycle, evaluate } = createService();
    lifecycle.markStarted();
    await evaluate("startup");
    checks.register("migrations", () => false, { groups: ["startup"] });
    expect((await evaluate("startup")).status).toBe("healthy");
  });

  it("name the state only where it decides", async () => {
    const { lifecycle, evaluate } = createService();
    expect(await evaluate("ready")).toMatchObject({ state: "starting" });
    expect(await evaluate("live")).not.toHaveProperty("state");
    lifecycle.markStarted();
    expect(await evaluate("ready")).not.toHaveProperty("state");
    lifecycle.setReady(false);
    expect(await evaluate("health")).toMatchObject({ state: "not_ready" });
    lifecycle.drain();
    expect(await evaluate("ready")).toMatchObject({ state: "draining" });
  });

  it("show the checks in the house shape", async () => {
    const { checks, lifecycle, evaluate } = createService();
    lifecycle.markStarted();
    checks.register("db", () => true, {});
    const status = await evaluate("ready");
    expect(Object.keys(status)).toEqual(["status", "timestamp", "checks"]);
    expect(new Date(status.timestamp).toISOString()).toBe(status.timestamp);
    expect(status.checks).toEqual({ db: { status: "healthy" } });
  });
});
