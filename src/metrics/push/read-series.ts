import type { Rows } from "../columns/rows.js";
import { createPace } from "../exposition/pace.js";
import type { RegisteredMetric } from "../exposition/print-metric.js";
import type { Declaration } from "../families/declaration.js";
import type { SampleLine } from "../families/line-groups.js";
import { groupSamples, type Series, type SeriesFamily, type SeriesLabels } from "../families/series.js";
import type { View } from "../processes/types.js";
import type { SeriesBatch } from "./types.js";
import { within } from "./within.js";

/** What reading needs beside the metrics. */
export interface ReadOptions {
  /** Told when a metric cannot be read; it is left out. */
  onFault(name: string, error: unknown): void;
  /** Milliseconds of work after which the event loop gets its turn. Default: 1. */
  readonly sliceMs?: number;
  /** Longest wait for the collect callbacks of our families together, and for each foreign metric, milliseconds. Default: 1000. */
  readonly collectTimeoutMs?: number;
}

const SLICE_MS = 1;
const COLLECT_TIMEOUT_MS = 1000;
const TYPES: ReadonlySet<unknown> = new Set(["counter", "gauge", "histogram", "summary"]);

/**
 * Reads all series of a view, block by block, in the order of the registry. Default labels are in the labels; the
 * family's own win. Reading counts as showing for the expiry of series, but a series does not begin at 0 in it.
 */
export async function* readSeries(view: View, options: ReadOptions): AsyncGenerator<SeriesBatch> {
  const { registry, declarations } = view;
  const { collectTimeoutMs = COLLECT_TIMEOUT_MS } = options;
  const breathe = createPace(options.sliceMs ?? SLICE_MS);
  const registered = registry.getMetricsAsArray() as unknown as RegisteredMetric[];
  const metrics = [...registered, ...(view.beside?.(registered) ?? [])];
  const defaults = defaultLabelsOf(registry);
  const ours = metrics.flatMap((metric) => ownDeclaration(declarations, metric) ?? []);
  // All at once, so that slow ones wait side by side. One that hangs is left behind: its last values are read.
  await within(Promise.all(ours.map((declaration) => declaration.collect())), collectTimeoutMs);
  for (const metric of metrics) {
    const declaration = ownDeclaration(declarations, metric);
    if (declaration !== undefined) {
      for (const batch of readRows(declaration, defaults)) {
        yield batch;
        await breathe();
      }
      continue;
    }
    const isOwn = declarations.has(metric);
    yield { isOwn, ...(await readForeign(metric, defaults, { ...options, collectTimeoutMs })) };
    await breathe();
  }
}

function ownDeclaration(declarations: View["declarations"], metric: object): Declaration | undefined {
  const declaration = declarations.get(metric);
  return declaration?.isForeign === false ? declaration : undefined;
}

// prom-client keeps them in a field that all of its versions have, and has no method that tells them.
function defaultLabelsOf(registry: object): SeriesLabels {
  const labels = (registry as { readonly _defaultLabels?: object })._defaultLabels ?? {};
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

// Each block is read in the turn in which it is asked for, so that no series is torn.
function* readRows({ definition, rows }: Declaration, defaults: SeriesLabels): Generator<SeriesBatch> {
  const { name, help, type, unit } = definition;
  const { columns, showing } = rows;
  for (let block = 0; block < columns.blocks; block++) {
    showing.begin(block);
    const series: Series[] = [];
    const end = Math.min(columns.rows, (block + 1) << columns.blockBits);
    for (let row = block << columns.blockBits; row < end; row++)
      if (columns.isLive(row)) series.push(readRow(rows, row, defaults));
    if (series.length > 0) yield { family: { name, help, type, unit }, series, isOwn: true };
  }
}

function readRow(rows: Rows, row: number, defaults: SeriesLabels): Series {
  const { columns, definition } = rows;
  const labels = labelsOf(rows, row, defaults);
  const block = columns.blockOf(row);
  const start = columns.offsetOf(row);
  if (definition.type !== "histogram") return { kind: "number", labels, value: block[start] as number };
  const { bounds } = definition;
  const counts = block.slice(start, start + bounds.length + 1);
  const sum = block[start + bounds.length + 1] as number;
  return { kind: "histogram", labels, bounds, counts, sum, count: counts.reduce((all, one) => all + one, 0) };
}

function labelsOf({ labels }: Rows, row: number, defaults: SeriesLabels): SeriesLabels {
  const texts = labels.textsAt(row);
  const all: Record<string, string> = { ...defaults };
  for (const [i, name] of labels.names.entries()) all[name] = texts[i] as string;
  return all;
}

async function readForeign(
  metric: RegisteredMetric,
  defaults: SeriesLabels,
  { onFault, collectTimeoutMs }: ReadOptions & { collectTimeoutMs: number },
): Promise<Omit<SeriesBatch, "isOwn">> {
  const { name, help } = metric;
  const family = { name, help, type: TYPES.has(metric.type) ? metric.type : "untyped" } as SeriesFamily;
  try {
    const read = await within(Promise.resolve(metric.get()), collectTimeoutMs);
    if (read === undefined) throw new Error(`did not answer within ${collectTimeoutMs} ms`);
    const { values } = read.value as { readonly values: readonly SampleLine[] };
    const lines = values.map((line) => ({ ...line, labels: { ...defaults, ...line.labels } }));
    return { family, series: groupSamples(family, lines) };
  } catch (error) {
    onFault(name, error);
    return { family, series: [], isUnread: true };
  }
}
