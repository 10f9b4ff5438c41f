import type { SeriesLabels } from "../families/series.js";

/** One label. */
export type LabelPair = readonly [name: string, value: string];

/**
 * The labels of a series beside those of the sender. One that has the name of one of the sender's is called
 * `exported_…`, as Prometheus does when it scrapes. Empty ones are left out: for Prometheus they are not there.
 */
export function exportedLabels(own: SeriesLabels, sender: SeriesLabels): LabelPair[] {
  const pairs: LabelPair[] = [];
  for (const name of Object.keys(own)) {
    const value = own[name] as string;
    if (value !== "") pairs.push([Object.hasOwn(sender, name) ? freeName(name, own, sender) : name, value]);
  }
  return pairs;
}

/** The labels of a series and those of the sender, sorted by name as remote write demands. */
export function mergeLabels(own: SeriesLabels, sender: SeriesLabels): LabelPair[] {
  const pairs = exportedLabels(own, sender);
  for (const name of Object.keys(sender)) pairs.push([name, sender[name] as string]);
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}

function freeName(name: string, own: SeriesLabels, sender: SeriesLabels): string {
  let free = `exported_${name}`;
  while (Object.hasOwn(sender, free) || Object.hasOwn(own, free)) free = `exported_${free}`;
  return free;
}
