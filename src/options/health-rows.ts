import * as own from "./health-kinds.js";
import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

const ENDPOINTS: readonly OptionRow[] = [
  {
    path: "health.basePath",
    kind: kind.anyText,
    env: ["TELLTALE_HEALTH_BASE_PATH"],
    doc: "Put before `/health`, `/ready`, `/live` and `/startup`; by itself it is the overview.",
    fallback: "",
  },
  {
    path: "health.paths",
    kind: own.endpointPaths,
    env: [],
    doc: 'Paths that replace those of an endpoint, e.g. `{ live: ["/alive"] }`.',
    fallback: {},
  },
  {
    path: "health.kubernetesPaths",
    kind: kind.flag,
    env: ["TELLTALE_HEALTH_KUBERNETES_PATHS"],
    doc: "Answers `/healthz`, `/readyz` and `/livez` as well.",
    fallback: false,
  },
  {
    path: "health.statusCodes",
    kind: own.statusCodes,
    env: [],
    doc: "Status codes other than 200 for `healthy` and `degraded` and 503 for `unhealthy`.",
    fallback: {},
  },
  {
    path: "health.startup",
    kind: kind.oneOf("auto", "manual"),
    env: ["TELLTALE_HEALTH_STARTUP"],
    doc: "`auto`: the service counts as started from the start; `manual`: `/ready` and `/startup` answer 503 until `obs.health.markStarted()` is called.",
    fallback: "auto",
  },
  {
    path: "health.failReadyOnShutdown",
    kind: kind.flag,
    env: ["TELLTALE_HEALTH_FAIL_READY_ON_SHUTDOWN"],
    doc: "`/ready` and `/health` answer 503 while the service drains.",
    fallback: true,
  },
];

const LEVELS = kind.oneOf("none", "status", "data", "full");

const DETAILS: readonly OptionRow[] = [
  {
    path: "health.details.public",
    kind: LEVELS,
    env: ["TELLTALE_HEALTH_DETAILS"],
    doc: "How much `/health` tells everybody: `none`, `status`, `data` (numbers, no texts) or `full`; the probes tell `status` at most. `none` for a port on the internet.",
    fallback: "data",
  },
  {
    path: "health.details.authorized",
    kind: LEVELS,
    env: [],
    doc: "How much those are told who are authorised.",
    fallback: "full",
  },
  {
    path: "health.details.authorize",
    kind: own.requestTest,
    env: [],
    doc: "Says at once who is authorised; a throw means no. Default: nobody.",
  },
  {
    path: "health.details.token",
    kind: kind.text,
    env: ["TELLTALE_HEALTH_TOKEN"],
    doc: "Whoever sends it as `Authorization: Bearer …` is authorised; compared in constant time. Default: nobody.",
  },
];

const CHECKS: readonly OptionRow[] = [
  {
    path: "health.indicators",
    kind: own.someOf("memory", "disk", "eventLoop"),
    env: ["TELLTALE_HEALTH_INDICATORS"],
    doc: "Checks of the house that are shown in `/health` from the start; `none` in the environment for an empty list.",
    fallback: ["memory", "disk"],
  },
  {
    path: "health.intervalMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_INTERVAL_MS"],
    doc: "Time between two runs of a check, milliseconds. Each check may have its own, as of the seven below.",
    fallback: 10_000,
  },
  {
    path: "health.failingIntervalMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_FAILING_INTERVAL_MS"],
    doc: "Time between two runs of a check that fails, milliseconds.",
    fallback: 2000,
  },
  {
    path: "health.jitter",
    kind: kind.ratio,
    env: ["TELLTALE_HEALTH_JITTER"],
    doc: "Share by which these times vary at random.",
    fallback: 0.1,
  },
  {
    path: "health.timeoutMs",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_TIMEOUT_MS"],
    doc: "Time after which a run of a check has failed, milliseconds; at most half its interval unless the check says otherwise.",
    fallback: 2000,
  },
  {
    path: "health.failureThreshold",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_FAILURE_THRESHOLD"],
    doc: "Failures in a row that make a check unhealthy; fewer make it degraded.",
    fallback: 3,
  },
  {
    path: "health.successThreshold",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_SUCCESS_THRESHOLD"],
    doc: "Successes in a row that make it healthy again.",
    fallback: 1,
  },
  {
    path: "health.concurrency",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_CONCURRENCY"],
    doc: "Most checks that run at once.",
    fallback: 8,
  },
];

const LIVENESS: readonly OptionRow[] = [
  {
    path: "health.liveness.threshold",
    kind: kind.integer(1),
    env: ["TELLTALE_HEALTH_LIVENESS_THRESHOLD"],
    doc: "Bad samples in a row after which `/live` answers 503: failures of a check in the group `live`, or beats of the event loop that the watchdog misses.",
    fallback: 5,
  },
  {
    path: "health.liveness.sampleMs",
    kind: kind.integer(10),
    env: ["TELLTALE_HEALTH_LIVENESS_SAMPLE_MS"],
    doc: "Time between two samples, milliseconds.",
    fallback: 1000,
  },
  {
    path: "health.liveness.watchdog.port",
    kind: own.port,
    env: ["TELLTALE_HEALTH_WATCHDOG_PORT"],
    doc: "Port on which a thread of its own answers `/live`, also while the event loop is blocked. Default: no such thread.",
  },
  {
    path: "health.liveness.watchdog.host",
    kind: kind.text,
    env: ["TELLTALE_HEALTH_WATCHDOG_HOST"],
    doc: "Address on which it listens. Default: every interface.",
  },
];

/** The options below `health`. */
export const HEALTH_ROWS: readonly OptionRow[] = [...ENDPOINTS, ...DETAILS, ...CHECKS, ...LIVENESS];
