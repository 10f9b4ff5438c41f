import { AsyncLocalStorage } from "node:async_hooks";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import type { HealthCheckOptions } from "../../../src/health/index.js";
import { contexts, isTracingSuppressed, RequestContext } from "../../../src/tracing/context.js";
import { createHouse } from "../fakes.js";

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
  }
  return "nothing thrown";
}

describe("registerHealthCheck", () => {
  it("forgets a check that is unregistered, once, with its series", async () => {
    const { health, clock, metric } = createHouse();
    const unregister = health.registerHealthCheck("db", () => false);
    await clock.pass(0);
    expect(await metric('health_status{check="db"}')).toBe(0);
    unregister();
    for (const name of ["health_status", "health_check_consecutive_failures", "health_check_circuit_state"])
      expect(await metric(`${name}{check="db"}`)).toBeUndefined();
    health.registerHealthCheck("db", () => true);
    unregister();
    await clock.pass(0);
    expect(health.getHealthStatus().checks).toEqual({ db: { status: "healthy" } });
  });

  it("refuses a name that is taken, unless it is to be replaced; the old one then runs no more", async () => {
    const { health, clock } = createHouse();
    let old = 0;
    const unregister = health.registerHealthCheck("db", () => void old++);
    expect(messageOf(() => health.registerHealthCheck("db", () => true))).toBe(
      "TELLTALE_OPTION health check db: found a name that is taken, expected one of its own, or replace: true",
    );
    health.registerHealthCheck("db", () => ({ fresh: true }), { replace: true });
    unregister();
    await clock.pass(60_000);
    expect(old).toBe(0);
    expect(health.getHealthStatus().checks).toEqual({ db: { status: "healthy", fresh: true } });
  });

  it("lets a check of the service take the name of an indicator of the house", async () => {
    const { health, clock } = createHouse({ indicators: ["memory"] });
    health.registerHealthCheck("memory", () => ({ usage: "1%" }));
    await clock.pass(0);
    expect(health.getHealthStatus().checks).toEqual({ memory: { status: "healthy", usage: "1%" } });
    expect(messageOf(() => health.registerHealthCheck("memory", () => true))).toContain("taken");
  });

  it("refuses bad options in one line that names them", () => {
    const { health } = createHouse();
    const refusal = (options: object): string =>
      messageOf(() => health.registerHealthCheck("x", () => true, options as HealthCheckOptions));
    expect(messageOf(() => health.registerHealthCheck("", () => true))).toBe(
      'TELLTALE_OPTION health check name: found "", expected a text that is not empty',
    );
    expect(messageOf(() => health.registerHealthCheck("x", "no" as never))).toBe(
      "TELLTALE_OPTION health check x: found string, expected a function",
    );
    for (const key of ["intervalMs", "failingIntervalMs", "timeoutMs", "staleAfterMs", "cacheMs"])
      for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "5"])
        expect(refusal({ [key]: bad })).toContain(`health check x.${key}: found`);
    for (const key of ["failureThreshold", "successThreshold", "maxOutstanding"])
      for (const bad of [0, 1.5, "2"])
        expect(refusal({ [key]: bad })).toContain(`health check x.${key}: found`);
    expect(refusal({ jitter: 2 })).toContain("x.jitter: found 2, expected a number from 0 to 1");
    expect(refusal({ groups: ["redy"] })).toContain(
      'x.groups: found "redy", expected live, ready, startup, health',
    );
    expect(refusal({ groups: "ready" })).toContain("x.groups");
    expect(refusal({ kind: "db" })).toContain('x.kind: found "db"');
    expect(refusal({ breaker: { failures: 0 } })).toContain("x.breaker.failures: found 0");
    expect(refusal({ dependsOn: "db" })).toContain("x.dependsOn");
    expect(refusal({ timeoutMs: 10_000 })).toBe(
      "TELLTALE_OPTION health check x.timeoutMs: found 10000, expected less than its interval of 10000 ms",
    );
    expect(refusal({ intervalMs: 100 })).toBe("nothing thrown");
  });

  it("warns of a dependency in the group live, and only warns", () => {
    const { health, lines } = createHouse();
    health.registerHealthCheck("db", () => true, { groups: ["live"], kind: "dependency" });
    expect(lines).toMatchObject([{ level: "warn", fields: { event: "health_advice", check: "db" } }]);
  });

  it("keeps the words of the body to itself, and tells once what it does not show", async () => {
    const { health, clock, lines } = createHouse();
    health.registerHealthCheck("db", () => ({ meta: 1, reason: "no", error: "x", rows: [1], lag: 2 }));
    await clock.pass(40_000);
    expect(health.getHealthStatus().checks["db"]).toEqual({ status: "healthy", lag: 2 });
    expect(lines.map(({ message }) => message)).toEqual([
      "health check db: not shown of its answer: meta, reason, error, rows",
    ]);
  });

  it("shows a check whose name is a member of every object", async () => {
    const { health, clock } = createHouse();
    health.registerHealthCheck("__proto__", () => ({ constructor: 1 }));
    await clock.pass(0);
    expect(JSON.stringify(health.getHealthStatus().checks)).toBe(
      '{"__proto__":{"status":"healthy","constructor":1}}',
    );
  });

  it("runs checks outside of the request that registers or asks for them", async () => {
    const { health, clock } = createHouse();
    const request = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const inRequest = <T>(run: () => T): T =>
      request.run("r1", () => contexts.run(new RequestContext(ROOT_CONTEXT, undefined, "r1"), run));
    inRequest(() =>
      health.registerHealthCheck(
        "db",
        () => void seen.push([request.getStore(), isTracingSuppressed(contexts.active())]),
      ),
    );
    await clock.pass(10_000);
    await inRequest(() => health.checkComponentHealth("db"));
    expect(seen).toEqual([
      [undefined, true],
      [undefined, true],
      [undefined, true],
    ]);
  });
});

describe("an onDemand check", () => {
  it("runs when it is looked at and its result is old, and answers from the last", async () => {
    const { health, clock } = createHouse();
    let n = 0;
    health.registerHealthCheck("db", () => ({ n: ++n }), { intervalMs: "onDemand" });
    await clock.pass(0);
    await clock.pass(600_000);
    expect(health.getHealthStatus().checks["db"]).toEqual({ status: "healthy", n: 1 });
    await clock.pass(999);
    expect(health.getHealthStatus().checks["db"]).toMatchObject({ n: 2 });
    await clock.pass(0);
    expect(n).toBe(2);
    await clock.pass(1);
    for (let i = 0; i < 100; i++) health.getHealthStatus();
    await clock.pass(0);
    expect(n).toBe(3);
    expect(clock.timers()).toBe(0);
  });
});

describe("checkComponentHealth", () => {
  it("joins the run that is on, however many ask", async () => {
    const { health, clock } = createHouse();
    let runs = 0;
    let finish: (answer: object) => void = () => undefined;
    health.registerHealthCheck("db", () => {
      runs++;
      return new Promise((resolve) => (finish = resolve));
    });
    await clock.pass(0);
    const asked = Promise.all(Array.from({ length: 100 }, () => health.checkComponentHealth("db")));
    finish({ lag: 4 });
    for (const report of await asked)
      expect(report).toMatchObject({ status: "healthy", lag: 4, meta: { consecutiveFailures: 0 } });
    expect(runs).toBe(1);
  });

  it("rejects an unknown name, and when its signal is aborted; the run goes on", async () => {
    const { health, clock } = createHouse();
    let finish: () => void = () => undefined;
    health.registerHealthCheck("db", () => new Promise<void>((resolve) => (finish = resolve)));
    await expect(health.checkComponentHealth("cache")).rejects.toMatchObject({
      code: "TELLTALE_OPTION",
      message: "health check cache: found no check of this name, expected db",
    });
    const abort = new AbortController();
    const asked = health.checkComponentHealth("db", { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    await expect(health.checkComponentHealth("db", { signal: abort.signal })).rejects.toThrow("enough");
    finish();
    await clock.pass(0);
    expect(health.getHealthStatus().checks["db"]).toEqual({ status: "healthy" });
  });
});

describe("fifty checks that hang, throw, answer junk or ignore their signal", () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const throwing = {
    get status() {
      throw new Error("getter");
    },
  };
  const bad: (() => unknown)[] = [
    never,
    () => {
      throw new Error("sync");
    },
    () => Promise.reject(new Error("async")),
    () => throwing,
    () => ({ status: "perhaps", big: 1n, symbol: Symbol("x"), nan: Number.NaN }),
  ];

  it("never hold an answer back, and have one run each outstanding", async () => {
    const { health, clock } = createHouse({ concurrency: 50 });
    const running = new Map<string, number>();
    let most = 0;
    for (let i = 0; i < 50; i++) {
      const run = bad[i % bad.length] as () => unknown;
      health.registerHealthCheck(`check-${i}`, async ({ name }) => {
        running.set(name, (running.get(name) ?? 0) + 1);
        most = Math.max(most, ...running.values());
        try {
          return await run();
        } finally {
          running.set(name, (running.get(name) as number) - 1);
        }
      });
    }
    health.markStarted();
    await clock.pass(20_000);
    const answers = Array.from({ length: 1000 }, () => health.getHealthStatus({ level: "status" }));
    expect(most).toBe(1);
    const last = answers.at(-1);
    expect(last?.status).toBe("unhealthy");
    expect(Object.values(last?.checks ?? {}).map(({ status }) => status)).toEqual(
      Array(50).fill("unhealthy"),
    );
  });
});
