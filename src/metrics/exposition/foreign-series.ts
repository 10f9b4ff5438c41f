import type { ForeignExemplar, ForeignSample } from "./foreign.js";

/** One line of a series with its bound or quantile. */
export interface ForeignPart {
  readonly at: number;
  readonly value: number;
  readonly exemplar: ForeignExemplar | undefined;
}

/** The lines of one series of a histogram or summary. */
export interface ForeignSeries {
  /** Without `le` and `quantile`. */
  readonly labels: ForeignSample["labels"];
  /** Buckets or quantiles, ascending. */
  readonly parts: ForeignPart[];
  sum: number;
  count: number;
}

/** Joins the lines of a histogram (by `le`) or summary (by `quantile`) to its series, in the order of their first line. */
export function groupSeries(samples: readonly ForeignSample[], partLabel: string): ForeignSeries[] {
  const groups = new Map<string, ForeignSeries>();
  for (const sample of samples) {
    const { [partLabel]: at, ...own } = sample.labels;
    const series = seriesOf(groups, own);
    if (at !== undefined) series.parts.push({ ...sample, at: boundOf(at) });
    else if (sample.metricName?.endsWith("_sum") === true) series.sum = sample.value;
    else if (sample.metricName?.endsWith("_count") === true) series.count = sample.value;
  }
  for (const { parts } of groups.values()) parts.sort((one, other) => one.at - other.at);
  return [...groups.values()];
}

function seriesOf(groups: Map<string, ForeignSeries>, labels: ForeignSample["labels"]): ForeignSeries {
  const key = JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
  const series = groups.get(key) ?? { labels, parts: [], sum: 0, count: 0 };
  groups.set(key, series);
  return series;
}

function boundOf(text: string): number {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text);
}
