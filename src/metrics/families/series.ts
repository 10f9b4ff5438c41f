import type { FamilyType } from "./definition.js";

/** Labels of a series as they are exported. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** What all series of a metric share. */
export interface SeriesFamily {
  /** Name as exported. */
  readonly name: string;
  readonly help: string;
  readonly type: FamilyType | "untyped";
  /** Base unit, such as `seconds`, where it is known. */
  readonly unit?: string | undefined;
}

/** A series of a counter, a gauge or something untyped. */
export interface NumberSeries {
  readonly kind: "number";
  readonly labels: SeriesLabels;
  readonly value: number;
}

/** A series of a histogram. */
export interface HistogramSeries {
  readonly kind: "histogram";
  readonly labels: SeriesLabels;
  /** Upper bounds, ascending, without +Inf; the same array for all series that have the same. */
  readonly bounds: readonly number[];
  /** Observations a bucket, not cumulative; the last is the one up to +Inf. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
  readonly count: number;
}

/** A series of a summary. */
export interface SummarySeries {
  readonly kind: "summary";
  readonly labels: SeriesLabels;
  /** Quantile and value, ascending. */
  readonly quantiles: readonly (readonly [quantile: number, value: number])[];
  readonly sum: number;
  readonly count: number;
}

/** One series of any metric, with its numbers of one moment. */
export type Series = NumberSeries | HistogramSeries | SummarySeries;

/** One line of the exposition as `get()` of a prom-client metric gives it. */
export interface SampleLine {
  readonly value: number;
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Absent where it is the family's own name. */
  readonly metricName?: string;
}

/** Lines of one series. */
interface Group {
  readonly labels: SeriesLabels;
  /** Value by bound or quantile. */
  readonly parts: Map<number, number>;
  value: number;
  sum: number;
  count: number;
}

const PART_LABEL = { histogram: "le", summary: "quantile" } as const;

/** Joins the lines of a metric to its series, in the order of their first line. */
export function groupSamples({ name, type }: SeriesFamily, lines: Iterable<SampleLine>): Series[] {
  const part = type === "histogram" || type === "summary" ? PART_LABEL[type] : undefined;
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const { own, of } = splitLabels(line.labels ?? {}, part);
    const key = JSON.stringify(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { labels: own, parts: new Map(), value: 0, sum: 0, count: 0 };
    groups.set(key, group);
    const suffix = line.metricName?.startsWith(name) === true ? line.metricName.slice(name.length) : "";
    if (of !== undefined) group.parts.set(of, line.value);
    else if (part !== undefined && suffix === "_sum") group.sum = line.value;
    else if (part !== undefined && suffix === "_count") group.count = line.value;
    else group.value = line.value;
  }
  const shared: SharedBounds = new Map();
  return [...groups.values()].map((group) => toSeries(type, group, shared));
}

type SharedBounds = Map<string, readonly number[]>;

function splitLabels(
  labels: Readonly<Record<string, unknown>>,
  part: string | undefined,
): { own: SeriesLabels; of: number | undefined } {
  const own: Record<string, string> = {};
  let of: number | undefined;
  for (const [label, value] of Object.entries(labels)) {
    if (label === part) of = toBound(value);
    else own[label] = String(value);
  }
  return { own, of };
}

function toBound(value: unknown): number {
  return value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
}

function toSeries(type: SeriesFamily["type"], group: Group, shared: SharedBounds): Series {
  const { labels, value, sum } = group;
  const parts = [...group.parts].sort(([a], [b]) => a - b);
  if (type === "summary") return { kind: "summary", labels, quantiles: parts, sum, count: group.count };
  if (type !== "histogram") return { kind: "number", labels, value };
  const finite = parts.filter(([bound]) => Number.isFinite(bound));
  const count = group.parts.get(Number.POSITIVE_INFINITY) ?? group.count;
  const totals = [...finite.map(([, total]) => total), count];
  const counts = totals.map((total, i) => total - (totals[i - 1] ?? 0));
  return { kind: "histogram", labels, bounds: sharedBounds(finite, shared), counts, sum, count };
}

function sharedBounds(
  parts: readonly (readonly [number, number])[],
  shared: SharedBounds,
): readonly number[] {
  const bounds = parts.map(([bound]) => bound);
  const key = bounds.join();
  const known = shared.get(key) ?? bounds;
  shared.set(key, known);
  return known;
}
