import type { Declare } from "../collector.js";
import { createApart } from "./apart.js";
import { type Checks, createChecks } from "./checks/registry.js";
import { type HealthClock, systemClock } from "./clock.js";
import { createEvaluator, type Evaluator } from "./evaluate.js";
import { SYSTEM_INDICATORS } from "./indicators/index.js";
import { createLifecycle, type Lifecycle } from "./lifecycle.js";
import { presentCheck } from "./present.js";
import type { HealthSettings } from "./settings.js";
import { createHealthTelemetry } from "./telemetry.js";
import type { HealthLog } from "./transition-log.js";
import { createTransitions, type Transitions } from "./transitions.js";

/** What health asks of the house. */
export interface HealthHooks {
  /** Where transitions are told, one line each. */
  readonly log: HealthLog;
  /** Declares the families. */
  readonly declare: Declare;
  /** Calls `read` before each scrape. */
  sample(read: () => void): void;
  /** Called with the request before it is answered, so that it can be kept out of metrics, logs and traces. */
  onServe(req: object): void;
  onFault(error: unknown): void;
  /** Default: the system's. */
  readonly clock?: HealthClock;
}

/** What the endpoints and the API are made of. */
export interface HealthCore {
  readonly clock: HealthClock;
  readonly lifecycle: Lifecycle;
  readonly checks: Checks;
  readonly evaluator: Evaluator;
  readonly transitions: Transitions;
  guard(run: () => void): void;
}

/** Makes the core: the state, the checks and who hears of their changes. */
export function createHealthCore(settings: HealthSettings, hooks: HealthHooks): HealthCore {
  const { log, clock = systemClock } = hooks;
  const guard = createGuard(hooks.onFault);
  const telemetry = createHealthTelemetry(hooks.declare, clock);
  const lifecycle = createLifecycle((change) => transitions.onState(change), settings.startup === "auto");
  const checks: Checks = createChecks({
    defaults: settings,
    concurrency: settings.concurrency,
    clock,
    apart: createApart(),
    hooks: {
      onRun: telemetry.onRun,
      onRemove: telemetry.onRemove,
      onTransition(transition) {
        telemetry.onTransition(transition.view.name, transition.view.word);
        transitions.onCheck(transition);
      },
      onAdvice: (check, text) =>
        log.warn({ event: "health_advice", check }, `health check ${check}: ${text}`),
      report: (view) => presentCheck(view, "full", clock),
      guard,
    },
  });
  const { failReadyOnShutdown } = settings;
  const evaluator = createEvaluator({ lifecycle, views: checks.views, failReadyOnShutdown });
  const overall = () => evaluator.peek("health").status;
  const transitions = createTransitions({ log, clock, overall, guard });
  for (const name of settings.indicators) checks.register(name, SYSTEM_INDICATORS[name](), { yields: true });
  hooks.sample(() => telemetry.sample(checks.views(), evaluator));
  return { clock, lifecycle, checks, evaluator, transitions, guard };
}

function createGuard(onFault: (error: unknown) => void): (run: () => void) => void {
  return (run) => {
    try {
      run();
    } catch (error) {
      onFault(error);
    }
  };
}
