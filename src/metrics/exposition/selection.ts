import type { RegisteredMetric } from "./print-metric.js";

/** True for the metrics that a scrape asked for. */
export type Selects = (metric: Pick<RegisteredMetric, "name" | "type">) => boolean;

const CHILDREN = ["_bucket", "_sum", "_count"];

/**
 * Selects the metrics whose name, or that of one of their lines, is among `names`; all where there are none. Formats
 * disagree about a counter's `_total`, so it makes no difference.
 */
export function selectionOf(names: ReadonlySet<string> | undefined): Selects {
  if (names === undefined) return () => true;
  const wanted = new Set([...names].map(withoutTotal));
  return ({ name, type }) => {
    if (wanted.has(withoutTotal(name))) return true;
    const isComposed = type === "histogram" || type === "summary";
    return isComposed && CHILDREN.some((child) => wanted.has(name + child));
  };
}

function withoutTotal(name: string): string {
  return name.replace(/_total$/, "");
}
