import { HEALTH_ROWS } from "./health-rows.js";
import { HTTP_ROWS } from "./http-rows.js";
import * as kind from "./kinds.js";
import { LOGGING_ROWS } from "./logging-rows.js";
import { MANAGEMENT_ROWS } from "./management-rows.js";
import { METRICS_ROWS } from "./metrics-rows.js";
import { SAMPLING_ROWS } from "./sampling-rows.js";
import { SHUTDOWN_ROWS } from "./shutdown-rows.js";
import { TRACING_ROWS } from "./tracing-rows.js";

/** One option: everything that validation, the environment and the docs page need. */
export interface OptionRow {
  /** Dotted path in the options object. */
  readonly path: string;
  readonly kind: kind.Kind;
  /** Environment variables that set it, the first that is present wins. Empty: code only. */
  readonly env: readonly string[];
  /** Default; undefined for none. */
  readonly fallback?: unknown;
  /** One sentence for the docs page. */
  readonly doc: string;
}

/** Every option, in the order of the docs page. */
export const OPTION_ROWS: readonly OptionRow[] = [
  {
    path: "service",
    kind: kind.text,
    env: ["TELLTALE_SERVICE", "OTEL_SERVICE_NAME"],
    doc: "Name of the service: a label on every metric, a field of every log line, `service.name` of every span. Required.",
  },
  {
    path: "version",
    kind: kind.text,
    env: ["TELLTALE_VERSION"],
    doc: "Version of the service: a log field and `service.version`.",
  },
  {
    path: "environment",
    kind: kind.text,
    env: ["TELLTALE_ENVIRONMENT"],
    doc: "Where it runs, e.g. `production`: a log field and `deployment.environment.name`.",
  },
  {
    path: "prefix",
    kind: kind.anyText,
    env: ["TELLTALE_PREFIX"],
    doc: "Put before every metric name, e.g. `chat_`; it replaces the `service` label.",
    fallback: "",
  },
  {
    path: "labels",
    kind: kind.textMap,
    env: ["TELLTALE_LABELS"],
    doc: "Labels on every metric series.",
    fallback: {},
  },
  ...METRICS_ROWS,
  ...LOGGING_ROWS,
  ...TRACING_ROWS,
  ...SAMPLING_ROWS,
  ...HEALTH_ROWS,
  ...SHUTDOWN_ROWS,
  ...HTTP_ROWS,
  ...MANAGEMENT_ROWS,
];
