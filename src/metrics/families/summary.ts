import type { Summary as ClientSummary, Registry } from "prom-client";
import { isNamed, Rows } from "../columns/rows.js";
import type { Summary, SummaryHandle, SummaryOptions } from "../types.js";
import type { FamilyParts } from "./family.js";
import { type Misuse, shown } from "./misuse.js";
import { joinLabels, startStopwatch } from "./stopwatch.js";

const PASSED_ON = ["maxAgeSeconds", "ageBuckets", "pruneAgedBuckets", "compressCount"] as const;

type Client = Pick<typeof import("prom-client"), "Summary">;

/** What a summary is made from. */
export interface SummaryParts extends FamilyParts {
  readonly client: Client;
  readonly registry: Registry;
  readonly options: Pick<SummaryOptions, (typeof PASSED_ON)[number]>;
}

/** A summary that was made: prom-client's own, which stands in the registry, behind our face and our cap. */
export interface DeclaredSummary {
  readonly rows: Rows;
  readonly metric: ClientSummary;
  readonly face: Summary<string>;
}

/** Makes a summary of a checked definition. */
export function createSummary(parts: SummaryParts): DeclaredSummary {
  const { definition, misuse, now } = parts;
  const { name, help, type, labelNames, aggregator } = definition;
  // The numbers are prom-client's: a row here bounds the label sets, makes their values strings, and counts
  // observations, so that an idle series is seen.
  const rows = new Rows({ definition, misuse, now, width: 1, blockBits: 9 });
  const metric = clientSummary(parts, async () => {
    await parts.collect();
    for (let block = 0; block < rows.columns.blocks; block++) rows.showing.begin(block);
  });
  rows.onDrop = (row) => metric.remove(labelsAt(rows, row));

  function observe(row: number, value: number): void {
    const block = rows.columns.blockOf(row);
    const at = rows.columns.offsetOf(row);
    block[at] = (block[at] as number) + 1;
    metric.observe(labelsAt(rows, row), value);
  }

  function record(given: readonly unknown[], value: unknown): void {
    if (isFiniteNumber(value)) observe(rows.of(given), value);
    else
      misuse.count(
        "value",
        () => `observe(): found ${shown(value)}; expected a finite number. It was not recorded.`,
      );
  }

  const face = {
    name,
    help,
    type,
    labelNames,
    aggregator,
    labels: (...values: unknown[]) => handleOf(values, { labelNames, misuse, record }),
    remove(...values: unknown[]) {
      const row = rows.find(values);
      if (row >= 0) rows.drop(row);
    },
    reset() {
      // Without labels there is the one series, which a removal would take out of the exposition.
      if (labelNames.length > 0) rows.clear();
      metric.reset();
    },
    observe: (labels: unknown, value: unknown) =>
      isNamed(labels) ? record([labels], value) : record([], labels ?? value),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => record([joinLabels(misuse, labels, more)], seconds)),
    collect: parts.collect,
    get: () => metric.get(),
  };
  return { rows, metric, face: face as unknown as Summary<string> };
}

function labelsAt({ labels }: Rows, row: number): Record<string, string> {
  const texts = labels.textsAt(row);
  return Object.fromEntries(labels.names.map((label, i) => [label, texts[i] as string]));
}

interface HandleParts {
  readonly labelNames: readonly string[];
  readonly misuse: Misuse;
  record(given: readonly unknown[], value: unknown): void;
}

function handleOf(values: readonly unknown[], { labelNames, misuse, record }: HandleParts): SummaryHandle {
  const named = isNamed(values[0]) ? values[0] : Object.fromEntries(labelNames.map((l, i) => [l, values[i]]));
  return {
    observe: (value) => record(values, value),
    startTimer: () =>
      startStopwatch((seconds, more?: object) =>
        record(more ? [joinLabels(misuse, named, more)] : values, seconds),
      ),
  };
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function clientSummary(
  { client, registry, definition, options }: SummaryParts,
  collect: () => Promise<void>,
): ClientSummary {
  const { name, help, labelNames, bounds, aggregator } = definition;
  return new client.Summary({
    name,
    help,
    aggregator,
    collect,
    labelNames: [...labelNames],
    percentiles: [...bounds],
    registers: [registry],
    ...passedOn(options),
  });
}

// prom-client takes an option that is undefined for one that is set.
function passedOn(options: SummaryParts["options"]): SummaryParts["options"] {
  return Object.fromEntries(
    PASSED_ON.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined),
  );
}
