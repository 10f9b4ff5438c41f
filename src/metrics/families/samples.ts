import type { Rows } from "../columns/rows.js";
import type { Aggregator, FamilyType } from "./definition.js";

/** One line of the exposition as prom-client passes it around. */
export interface Sample {
  readonly value: number;
  readonly labels: Record<string, string | number>;
  /** Absent where it is the family's own name. */
  readonly metricName?: string;
  /** Labels that all lines of a series share; prom-client renders the object once. */
  readonly sharedLabels?: Record<string, string>;
}

/** What `get()` of a prom-client metric answers. */
export interface FamilySamples {
  readonly name: string;
  readonly help: string;
  readonly type: FamilyType;
  readonly aggregator: Aggregator;
  readonly values: Sample[];
}

/** All lines of a family. With `isShared`, labels of a histogram series are one object for all its lines. */
export function samplesOf(rows: Rows, name: string, isShared: boolean): FamilySamples {
  const { help, type, aggregator } = rows.definition;
  const values: Sample[] = [];
  for (let block = 0; block < rows.columns.blocks; block++) rows.showing.begin(block);
  for (let row = 0; row < rows.columns.rows; row++) {
    if (!rows.columns.isLive(row)) continue;
    const cells = cellsOf(rows, row);
    if (type === "histogram") values.push(...histogramSamples(rows, row, { cells, isShared }));
    else values.push({ value: cells[0] as number, labels: labelsOf(rows, row) });
  }
  return { name, help, type, aggregator, values };
}

function histogramSamples(
  rows: Rows,
  row: number,
  { cells, isShared }: { cells: Float64Array; isShared: boolean },
): Sample[] {
  const { name, bounds } = rows.definition;
  const common = labelsOf(rows, row);
  const sample = (metricName: string, own: Record<string, string | number>, value: number): Sample =>
    isShared
      ? { metricName, value, labels: own, sharedLabels: common }
      : { metricName, value, labels: { ...own, ...common } };
  let count = 0;
  const buckets = [...bounds, "+Inf"].map((le, i) =>
    sample(`${name}_bucket`, { le }, (count += cells[i] as number)),
  );
  return [
    ...buckets,
    sample(`${name}_sum`, {}, cells[bounds.length + 1] as number),
    sample(`${name}_count`, {}, count),
  ];
}

// The numbers to show: zeros where the row begins at 0.
function cellsOf({ columns, showing }: Rows, row: number): Float64Array {
  if (showing.beginsAtZero(row)) return new Float64Array(columns.width);
  const offset = columns.offsetOf(row);
  return columns.blockOf(row).subarray(offset, offset + columns.width);
}

function labelsOf(rows: Rows, row: number): Record<string, string> {
  const texts = rows.labels.textsAt(row);
  return Object.fromEntries(rows.labels.names.map((label, i) => [label, texts[i] as string]));
}
