import type { Series, SeriesFamily } from "../families/series.js";
import type { LabelPair } from "./labels.js";

/** One line of a series in Prometheus's model: its name, and the label that it has besides the series' own. */
export interface LineName {
  readonly name: string;
  readonly label?: LabelPair;
}

/** The lines of a series, as many as {@link lineValues} gives numbers. */
export function lineNames({ name }: SeriesFamily, series: Series): LineName[] {
  if (series.kind === "number") return [{ name }];
  const tail = [{ name: `${name}_sum` }, { name: `${name}_count` }];
  if (series.kind === "summary") {
    const parts = series.quantiles.map(([q]): LineName => ({ name, label: ["quantile", numberText(q)] }));
    return [...parts, ...tail];
  }
  const buckets = [...series.bounds, Number.POSITIVE_INFINITY].map(
    (bound): LineName => ({ name: `${name}_bucket`, label: ["le", numberText(bound)] }),
  );
  return [...buckets, ...tail];
}

/** The numbers of a series, line by line. */
export function lineValues(series: Series): number[] {
  if (series.kind === "number") return [series.value];
  const { sum, count } = series;
  if (series.kind === "summary") return [...series.quantiles.map(([, value]) => value), sum, count];
  let total = 0;
  return [...Array.from(series.counts, (one) => (total += one)), sum, count];
}

/** A number as the text format has it. */
export function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

/** A number that only rises while the series is the same one: a fall tells of a reset. Undefined for a gauge. */
export function progressOf({ type }: SeriesFamily, series: Series): number | undefined {
  if (series.kind !== "number") return series.count;
  return type === "counter" ? series.value : undefined;
}
