import { columns, dim, red, showSeconds } from "./layout.mjs";

const KINDS = ["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const BAR_CHARS = 30;
const ERROR = 2;

/** The newest trace that has the most spans; undefined when there is none. */
export function pickTrace(spans) {
  const traces = Map.groupBy?.(spans, traceOf) ?? groupByTrace(spans);
  return [...traces.values()].reduce(
    (best, one) => (best === undefined || one.length >= best.length ? one : best),
    undefined,
  );
}

function groupByTrace(spans) {
  const traces = new Map();
  for (const span of spans) traces.set(traceOf(span), [...(traces.get(traceOf(span)) ?? []), span]);
  return traces;
}

/** The lines of one trace: a span each, children below their parent, with a bar that shows when it ran. */
export function describeTrace(spans) {
  const start = Math.min(...spans.map(({ startTime }) => seconds(startTime)));
  const end = Math.max(...spans.map(({ endTime }) => seconds(endTime)));
  const rows = walk(spans).map(({ span, depth }) => [
    `${"  ".repeat(depth)}${span.name}`,
    KINDS[span.kind],
    showSeconds(seconds(span.duration)),
    bar(span, start, end),
  ]);
  const failed = walk(spans).map(({ span }) => span.status.code === ERROR);
  const lines = columns(rows, [2]).map((line, i) => `  ${failed[i] ? red(line) : line}`);
  return [
    dim(`  trace_id ${traceOf(spans[0])}: the same id is in the log lines of these requests`),
    ...lines,
  ];
}

function walk(spans) {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const inOrder = [...spans].sort((a, b) => seconds(a.startTime) - seconds(b.startTime));
  const isRoot = (span) => !ids.has(span.parentSpanContext?.spanId);
  const below = (span, depth) => [
    { span, depth },
    ...inOrder
      .filter((child) => child.parentSpanContext?.spanId === span.spanContext().spanId)
      .flatMap((child) => below(child, depth + 1)),
  ];
  return inOrder.filter(isRoot).flatMap((span) => below(span, 0));
}

function bar(span, start, end) {
  const scale = BAR_CHARS / Math.max(end - start, Number.EPSILON);
  const from = Math.min(BAR_CHARS - 1, Math.floor((seconds(span.startTime) - start) * scale));
  const length = Math.max(1, Math.round(seconds(span.duration) * scale));
  return " ".repeat(from) + "━".repeat(Math.min(length, BAR_CHARS - from));
}

function traceOf(span) {
  return span.spanContext().traceId;
}

function seconds([whole, nanoseconds]) {
  return whole + nanoseconds / 1e9;
}
