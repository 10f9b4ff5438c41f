import { aggregate, viewsOf } from "./aggregate.js";
import type { CheckView } from "./checks/views.js";
import type { Lifecycle } from "./lifecycle.js";
import type { HealthEndpoint } from "./paths.js";
import type { HealthState, HealthWord, Stall } from "./types.js";

/** What an endpoint says now. */
export interface Verdict {
  readonly status: HealthWord;
  /** Why it is unhealthy whatever the checks say. */
  readonly state?: Exclude<HealthState, "ready">;
  readonly views: readonly CheckView[];
  /** Shown, never counted: that `/live` answers at all proves that the loop turns. */
  readonly lastStall?: Stall | undefined;
}

/** Joins lifecycle and checks into the word of each endpoint. */
export interface Evaluator {
  /** For a probe: startup, and the first time that the service was ready, are remembered from here. */
  evaluate(endpoint: HealthEndpoint): Verdict;
  /** The same without remembering. */
  peek(endpoint: HealthEndpoint): Verdict;
}

/** What an evaluator reads. */
export interface EvaluatorParts {
  readonly lifecycle: Lifecycle;
  views(): ReadonlyMap<string, CheckView>;
  /** False: draining does not show in `/ready` and `/health`. */
  readonly failReadyOnShutdown: boolean;
}

/** Makes an evaluator. */
export function createEvaluator({ lifecycle, views, failReadyOnShutdown }: EvaluatorParts): Evaluator {
  let passedStartup = false;
  let wasReady = false;

  function readiness(group: "ready" | "health"): Verdict {
    const shown = viewsOf(views(), group);
    const state = shownState(lifecycle.state(), failReadyOnShutdown);
    if (state !== "ready") return { status: "unhealthy", state, views: shown };
    return { status: aggregate(shown, group, !wasReady), views: shown };
  }

  /** Healthy for good after the first time: a probe that restarts pods must not see later faults. */
  function startup(): Verdict {
    const shown = viewsOf(views(), "startup");
    if (passedStartup) return { status: "healthy", views: shown };
    if (!lifecycle.isStarted()) return { status: "unhealthy", state: "starting", views: shown };
    return { status: aggregate(shown, "startup", true), views: shown };
  }

  /** A restart cures nothing in a service that drains. */
  function liveness(): Verdict {
    const shown = viewsOf(views(), "live");
    return {
      status: isEnding(lifecycle.state()) ? "healthy" : aggregate(shown, "live", false),
      views: shown,
    };
  }

  function peek(endpoint: HealthEndpoint): Verdict {
    if (endpoint === "live") return liveness();
    return endpoint === "startup" ? startup() : readiness(endpoint);
  }

  return {
    peek,
    evaluate(endpoint) {
      const verdict = peek(endpoint);
      const passes = verdict.status !== "unhealthy";
      if (endpoint === "startup") passedStartup ||= passes;
      if (endpoint === "ready" || endpoint === "health") wasReady ||= passes;
      return verdict;
    },
  };
}

const isEnding = (state: HealthState): boolean => state === "draining" || state === "stopped";

function shownState(state: HealthState, failReadyOnShutdown: boolean): HealthState {
  return isEnding(state) && !failReadyOnShutdown ? "ready" : state;
}
