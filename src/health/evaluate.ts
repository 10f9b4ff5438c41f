import type { Checks } from "./checks.js";
import type { Lifecycle } from "./lifecycle.js";
import type { HealthEndpoint } from "./paths.js";
import type { HealthStatus } from "./types.js";

/** What an endpoint answers now. */
export type Evaluate = (endpoint: HealthEndpoint) => Promise<HealthStatus>;

type Answer = Omit<HealthStatus, "timestamp">;

/** Joins lifecycle and checks into the answer of each endpoint. */
export function createEvaluate(lifecycle: Lifecycle, checks: Checks): Evaluate {
  let passedStartup = false;

  /** 503 while starting or draining, whatever the checks say; they are run all the same, to be shown. */
  async function readiness(group?: "ready"): Promise<Answer> {
    const verdict = await checks.evaluate(group);
    const state = lifecycle.state();
    return state === "ready" ? verdict : { status: "unhealthy", state, checks: verdict.checks };
  }

  /** Healthy for good after the first time: a probe that restarts pods must not see later faults. */
  async function startup(): Promise<Answer> {
    if (passedStartup) return { status: "healthy", checks: {} };
    const verdict = await checks.evaluate("startup");
    if (!lifecycle.isStarted()) return { status: "unhealthy", state: "starting", checks: verdict.checks };
    passedStartup = verdict.status === "healthy";
    return verdict;
  }

  function evaluate(endpoint: HealthEndpoint): Promise<Answer> {
    switch (endpoint) {
      case "live":
        return checks.evaluate("live");
      case "startup":
        return startup();
      case "ready":
        return readiness("ready");
      case "health":
        return readiness();
    }
  }

  return async (endpoint) => {
    const { status, state, checks: shown } = await evaluate(endpoint);
    const timestamp = new Date().toISOString();
    return state === undefined
      ? { status, timestamp, checks: shown }
      : { status, state, timestamp, checks: shown };
  };
}
