import type { FamilyType } from "./definition.js";
import { groupLines, type LineGroup, type SampleLine } from "./line-groups.js";

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

const PART_LABEL = { histogram: "le", summary: "quantile" } as const;

/** Joins the lines of a metric to its series, in the order of their first line. */
export function groupSamples({ type }: SeriesFamily, lines: Iterable<SampleLine>): Series[] {
  const part = type === "histogram" || type === "summary" ? PART_LABEL[type] : undefined;
  const shared: SharedBounds = new Map();
  return groupLines(lines, part).map((group) => toSeries(type, group, shared));
}

type SharedBounds = Map<string, readonly number[]>;

function toSeries(type: SeriesFamily["type"], group: LineGroup<SampleLine>, shared: SharedBounds): Series {
  const { labels, value, sum } = group;
  const parts = group.parts.map(({ at, line }) => [at, line.value] as const);
  if (type === "summary") return { kind: "summary", labels, quantiles: parts, sum, count: group.count };
  if (type !== "histogram") return { kind: "number", labels, value };
  const finite = parts.filter(([bound]) => Number.isFinite(bound));
  const count = parts.find(([bound]) => bound === Number.POSITIVE_INFINITY)?.[1] ?? group.count;
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
