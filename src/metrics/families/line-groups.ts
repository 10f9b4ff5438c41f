/** One line of an exposition, as `get()` of a prom-client metric gives it. */
export interface SampleLine {
  readonly value: number;
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Absent where it is the family's own name. */
  readonly metricName?: string | undefined;
}

/** The lines of one series. */
export interface LineGroup<Line extends SampleLine> {
  /** Without `le` and `quantile`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Buckets or quantiles, ascending. */
  readonly parts: readonly { readonly at: number; readonly line: Line }[];
  readonly value: number;
  readonly sum: number;
  readonly count: number;
}

type Open<Line extends SampleLine> = { -readonly [K in keyof LineGroup<Line>]: LineGroup<Line>[K] } & {
  readonly parts: { at: number; line: Line }[];
};

/**
 * Joins the lines of a metric to its series, in the order of their first line; `partLabel` is `le` for a histogram,
 * `quantile` for a summary.
 */
export function groupLines<Line extends SampleLine>(
  lines: Iterable<Line>,
  partLabel?: string,
): LineGroup<Line>[] {
  const groups = new Map<string, Open<Line>>();
  for (const line of lines) {
    const labels = textsOf(line.labels ?? {});
    const part = partLabel === undefined ? undefined : labels[partLabel];
    if (partLabel !== undefined) delete labels[partLabel];
    const group = groupOf(groups, labels);
    if (part !== undefined) group.parts.push({ at: boundOf(part), line });
    else group[partLabel === undefined ? "value" : fieldOf(line)] = line.value;
  }
  for (const { parts } of groups.values()) parts.sort((one, other) => one.at - other.at);
  return [...groups.values()];
}

function groupOf<Line extends SampleLine>(
  groups: Map<string, Open<Line>>,
  labels: Record<string, string>,
): Open<Line> {
  const key = JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
  const group = groups.get(key) ?? { labels, parts: [], value: 0, sum: 0, count: 0 };
  groups.set(key, group);
  return group;
}

function fieldOf({ metricName }: SampleLine): "sum" | "count" | "value" {
  if (metricName?.endsWith("_sum") === true) return "sum";
  return metricName?.endsWith("_count") === true ? "count" : "value";
}

function textsOf(labels: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

function boundOf(text: string): number {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text);
}
