import * as kind from "./kinds.js";
import type { OptionRow } from "./table.js";

/** The options below `tracing.sampling`. */
export const SAMPLING_ROWS: readonly OptionRow[] = [
  {
    path: "tracing.sampling.ratio",
    kind: kind.ratio,
    env: [],
    doc: "The same as `tracing.sampleRatio`.",
  },
  {
    path: "tracing.sampling.perSecond",
    kind: kind.positive,
    env: ["TELLTALE_TRACING_SAMPLES_PER_SECOND"],
    doc: "Most traces a second that are begun here and kept; traces that a rule decides on are not counted. Default: no limit.",
  },
  {
    path: "tracing.sampling.rules",
    kind: kind.samplingRules,
    env: [],
    doc: "Rules for traces that begin here; the first that fits decides in place of ratio and limit. See docs/concepts/sampling.md.",
    fallback: [],
  },
  {
    path: "tracing.sampling.followParent",
    kind: kind.flag,
    env: ["TELLTALE_TRACING_FOLLOW_PARENT"],
    doc: "Follow the caller's decision, whatever is said here. Default: false where OTEL_TRACES_SAMPLER names a sampler without `parentbased_`, else true.",
  },
  {
    path: "tracing.sampling.sampler",
    kind: kind.withMethods("shouldSample"),
    env: [],
    doc: "A Sampler of the OpenTelemetry SDK; it decides on every span, in place of all but `tail`.",
  },
  {
    path: "tracing.sampling.remote.endpoint",
    kind: kind.text,
    env: ["TELLTALE_TRACING_SAMPLING_ENDPOINT"],
    doc: "URL of a Jaeger sampling server, `http://host:5778`, which then names the ratio. Default: none, or what OTEL_TRACES_SAMPLER=jaeger_remote says.",
  },
  {
    path: "tracing.sampling.remote.pollingIntervalMs",
    kind: kind.integer(1),
    env: [],
    doc: "Time between two questions to the sampling server, milliseconds. Default: 60000.",
  },
  {
    path: "tracing.sampling.remote.initialRatio",
    kind: kind.ratio,
    env: [],
    doc: "Share that is kept until the sampling server answers. Default: 0.001.",
  },
  {
    path: "tracing.sampling.tail.enabled",
    kind: kind.flag,
    env: ["TELLTALE_TRACING_TAIL"],
    doc: "Keep failed and slow traces that the other rules left out, as far as this service took part. `tail: {…}` and `tail: true` switch it on.",
    fallback: false,
  },
  {
    path: "tracing.sampling.tail.slowMs",
    kind: kind.positive,
    env: ["TELLTALE_TRACING_TAIL_SLOW_MS"],
    doc: "A request that took at least this long is slow, milliseconds.",
    fallback: 1000,
  },
  {
    path: "tracing.sampling.tail.errors",
    kind: kind.flag,
    env: [],
    doc: "Keep traces with a failed span.",
    fallback: true,
  },
  {
    path: "tracing.sampling.tail.maxTraces",
    kind: kind.integer(1),
    env: [],
    doc: "Most undecided traces held at a time; the oldest goes first.",
    fallback: 1000,
  },
  {
    path: "tracing.sampling.tail.maxSpansPerTrace",
    kind: kind.integer(1),
    env: [],
    doc: "Most spans held of an undecided trace.",
    fallback: 100,
  },
];
