import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `tracing` that say what a span holds. */
export const SPAN_ROWS: readonly OptionRow[] = [
  {
    path: "tracing.resource",
    kind: kind.textMap,
    env: [],
    doc: "Attributes of every span, such as `k8s.pod.name`; they win over those of OTEL_RESOURCE_ATTRIBUTES.",
    fallback: {},
  },
  {
    path: "tracing.resourceDetectors",
    kind: kind.someOf("container", "env", "host", "os", "process", "serviceinstance"),
    env: ["OTEL_NODE_RESOURCE_DETECTORS"],
    doc: "What is found out about the surroundings and told with every span; the command line never is. `env` is always read.",
    fallback: [],
  },
  {
    path: "tracing.limits.attributes",
    kind: kind.integer(0),
    env: ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"],
    doc: "Most attributes of a span.",
    fallback: 128,
  },
  {
    path: "tracing.limits.valueLength",
    kind: kind.integer(1),
    env: ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
    doc: "Most characters of an attribute's value; what waits for its export is bounded by it.",
    fallback: 8192,
  },
  {
    path: "tracing.limits.events",
    kind: kind.integer(0),
    env: ["OTEL_SPAN_EVENT_COUNT_LIMIT"],
    doc: "Most events of a span.",
    fallback: 128,
  },
  {
    path: "tracing.limits.links",
    kind: kind.integer(0),
    env: ["OTEL_SPAN_LINK_COUNT_LIMIT"],
    doc: "Most links of a span.",
    fallback: 128,
  },
  {
    path: "tracing.limits.eventAttributes",
    kind: kind.integer(0),
    env: ["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"],
    doc: "Most attributes of an event.",
    fallback: 128,
  },
  {
    path: "tracing.limits.linkAttributes",
    kind: kind.integer(0),
    env: ["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"],
    doc: "Most attributes of a link.",
    fallback: 128,
  },
];
