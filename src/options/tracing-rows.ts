import { EXPORTER_ROWS } from "./exporter-rows.js";
import * as kind from "./kinds.js";
import { PROPAGATORS } from "./propagators.js";
import { SPAN_ROWS } from "./span-rows.js";
import type { OptionRow } from "./table.js";

/** The options below `tracing`. */
export const TRACING_ROWS: readonly OptionRow[] = [
  ...EXPORTER_ROWS,
  {
    path: "tracing.sampleRatio",
    kind: kind.ratio,
    env: ["TELLTALE_TRACING_SAMPLE_RATIO"],
    doc: "Share of traces begun here that are kept; a caller's decision is followed. Default: what OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG say, else 1.",
  },
  {
    path: "tracing.propagators",
    kind: kind.someOf(...PROPAGATORS),
    env: [],
    doc: "How a trace travels, the weightiest first: all are written, the first that is found is followed. Default: what OTEL_PROPAGATORS says, else `tracecontext`, `baggage`.",
  },
  ...SPAN_ROWS,
  {
    path: "tracing.instrumentations",
    kind: kind.array,
    env: [],
    doc: "OpenTelemetry instrumentations to run beside; this loads @opentelemetry/sdk-node.",
    fallback: [],
  },
];
