import type { Declare } from "../collector.js";
import type { RunResult } from "./checks/check.js";
import type { CheckView } from "./checks/views.js";
import type { HealthClock } from "./clock.js";
import type { Evaluator } from "./evaluate.js";
import type { CheckWord, CircuitState, HealthWord } from "./types.js";

/** The families of health. */
export interface HealthTelemetry {
  onRun(check: string, result: RunResult, durationMs: number): void;
  onTransition(check: string, to: CheckWord): void;
  /** Forgets the series of a check that is gone. */
  onRemove(check: string): void;
  /** Sets what is read rather than recorded; before each scrape. */
  sample(views: ReadonlyMap<string, CheckView>, evaluator: Pick<Evaluator, "peek">): void;
}

const NUMBERS: Readonly<Record<HealthWord, number>> = { healthy: 2, degraded: 1, unhealthy: 0 };
const CIRCUITS: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };
const BUCKETS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5];

/** Declares the families and makes what fills them. */
export function createHealthTelemetry(declare: Declare, clock: HealthClock): HealthTelemetry {
  const recorded = declareRecorded(declare);
  const checks = declareChecks(declare);
  const whole = declareWhole(declare);

  return {
    onRun(check, result, durationMs) {
      recorded.runs.inc({ check, result });
      if (result !== "skipped") recorded.duration.observe({ check }, durationMs / 1000);
    },
    onTransition: (check, to) => recorded.transitions.inc({ check, to }),
    onRemove(check) {
      for (const family of Object.values(checks)) family.remove({ check });
    },
    sample(views, { peek }) {
      for (const [check, { word, failures, circuit, lastSuccessMs }] of views) {
        if (word === "unknown") checks.status.remove({ check });
        else checks.status.set({ check }, NUMBERS[word]);
        checks.failures.set({ check }, failures);
        checks.circuit.set({ check }, CIRCUITS[circuit]);
        const wallMs = clock.wall() - clock.now() + (lastSuccessMs ?? 0);
        if (lastSuccessMs !== undefined) checks.lastSuccess.set({ check }, wallMs / 1000);
      }
      whole.overall.set(NUMBERS[peek("health").status]);
      whole.ready.set(peek("ready").status === "unhealthy" ? 0 : 1);
      whole.live.set(peek("live").status === "unhealthy" ? 0 : 1);
    },
  };
}

function declareRecorded(declare: Declare) {
  return {
    duration: declare.histogram({
      name: "health_check_duration_seconds",
      help: "Time that a run of a health check took, at most its time-out.",
      unit: "seconds",
      labelNames: ["check"],
      buckets: BUCKETS,
    }),
    runs: declare.counter({
      name: "health_check_runs_total",
      help: "Runs of health checks by result: success, failure, timeout, or skipped for what they depend on.",
      labelNames: ["check", "result"],
    }),
    transitions: declare.counter({
      name: "health_check_transitions_total",
      help: "Changes of a health check's status, by the new one.",
      labelNames: ["check", "to"],
    }),
  };
}

// Of several processes the worst is shown.
function declareChecks(declare: Declare) {
  return {
    status: declare.gauge({
      name: "health_status",
      help: "Status of a health check: 2 healthy, 1 degraded, 0 unhealthy; absent while it is not known.",
      labelNames: ["check"],
      aggregator: "min",
    }),
    failures: declare.gauge({
      name: "health_check_consecutive_failures",
      help: "Failures of a health check in a row.",
      labelNames: ["check"],
      aggregator: "max",
    }),
    lastSuccess: declare.gauge({
      name: "health_check_last_success_timestamp_seconds",
      help: "Unix time of a health check's last success.",
      unit: "seconds",
      labelNames: ["check"],
      aggregator: "min",
    }),
    circuit: declare.gauge({
      name: "health_check_circuit_state",
      help: "Whether a failing health check is asked less often: 0 closed, 1 half open, 2 open.",
      labelNames: ["check"],
      aggregator: "max",
    }),
  };
}

function declareWhole(declare: Declare) {
  return {
    overall: declare.gauge({
      name: "health_overall_status",
      help: "What /health says: 2 healthy, 1 degraded, 0 unhealthy.",
      aggregator: "min",
    }),
    ready: declare.gauge({
      name: "health_ready",
      help: "What /ready says: 1 ready, 0 not ready.",
      aggregator: "min",
    }),
    live: declare.gauge({
      name: "health_live",
      help: "What /live says: 1 live, 0 to be restarted.",
      aggregator: "min",
    }),
  };
}
