import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

const SIGNALS: kind.Kind = {
  expected: "an array of signals, e.g. SIGTERM",
  accepts: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string" && /^SIG[A-Z0-9]+$/.test(name)),
  parse: (text) => kind.texts.parse?.(text),
};

/** The options below `health.shutdown`. */
export const SHUTDOWN_ROWS: readonly OptionRow[] = [
  {
    path: "health.shutdown.enabled",
    kind: kind.flag,
    env: ["TELLTALE_HEALTH_SHUTDOWN"],
    doc: "Takes the signals over and ends the service in order; `health.shutdown: true` is short for it, an object says it by being there.",
    fallback: false,
  },
  {
    path: "health.shutdown.signals",
    kind: SIGNALS,
    env: ["TELLTALE_HEALTH_SHUTDOWN_SIGNALS"],
    doc: "The signals that begin a shutdown.",
    fallback: ["SIGTERM", "SIGINT"],
  },
  {
    path: "health.shutdown.drainDelayMs",
    kind: kind.integer(0),
    env: ["TELLTALE_HEALTH_SHUTDOWN_DRAIN_DELAY_MS"],
    doc: "How long the service goes on accepting once `/ready` answers 503, milliseconds; never after SIGINT. Default: 5000 where KUBERNETES_SERVICE_HOST is set, else 0.",
  },
  {
    path: "health.shutdown.requestTimeoutMs",
    kind: kind.integer(0),
    env: ["TELLTALE_HEALTH_SHUTDOWN_REQUEST_TIMEOUT_MS"],
    doc: "Longest wait for open requests, once nothing is accepted any more, milliseconds.",
    fallback: 10_000,
  },
  {
    path: "health.shutdown.upgradeTimeoutMs",
    kind: kind.integer(0),
    env: ["TELLTALE_HEALTH_SHUTDOWN_UPGRADE_TIMEOUT_MS"],
    doc: "When WebSockets and open-ended responses are cut, counted from the same moment, milliseconds.",
    fallback: 2000,
  },
  {
    path: "health.shutdown.hooksTimeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_SHUTDOWN_HOOKS_TIMEOUT_MS"],
    doc: "Longest wait for all cleanup hooks together, milliseconds.",
    fallback: 5000,
  },
  {
    path: "health.shutdown.flushTimeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_SHUTDOWN_FLUSH_TIMEOUT_MS"],
    doc: "Longest wait for logs, metrics and spans to leave, milliseconds.",
    fallback: 3000,
  },
  {
    path: "health.shutdown.hardDeadlineMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_SHUTDOWN_HARD_DEADLINE_MS"],
    doc: "When the process exits with 1 whatever it is doing, counted from the start, milliseconds.",
    fallback: 25_000,
  },
  {
    path: "health.shutdown.exit",
    kind: kind.flag,
    env: ["TELLTALE_HEALTH_SHUTDOWN_EXIT"],
    doc: "Whether a shutdown ends the process; false for tests, and for frameworks that do so. Default: as `health.shutdown.enabled`.",
  },
  {
    path: "health.shutdown.exitWith",
    kind: kind.oneOf("code", "signal"),
    env: ["TELLTALE_HEALTH_SHUTDOWN_EXIT_WITH"],
    doc: "`signal`: a clean shutdown ends by the signal that began it, for a parent that looks at it.",
    fallback: "code",
  },
  {
    path: "health.shutdown.uncaughtException",
    kind: kind.flag,
    env: ["TELLTALE_HEALTH_SHUTDOWN_UNCAUGHT_EXCEPTION"],
    doc: "An uncaught exception begins a shutdown, without a delay; the exit code is 1.",
    fallback: false,
  },
];
