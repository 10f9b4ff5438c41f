import type { Summary as ClientSummary, Registry } from "prom-client";
import type { FamilyParts } from "./family.js";
import { isNamed, Rows } from "./rows.js";
import { startStopwatch } from "./stopwatch.js";
import type { Summary, SummaryHandle, SummaryOptions } from "./types.js";

type Client = Pick<typeof import("prom-client"), "Summary">;

/** What a summary is made from. */
export interface SummaryParts extends FamilyParts {
  readonly client: Client;
  readonly registry: Registry;
  readonly options: Pick<SummaryOptions, "maxAgeSeconds" | "ageBuckets">;
}

/** A summary that was made: prom-client's own, which stands in the registry, behind our face and our cap. */
export interface DeclaredSummary {
  readonly rows: Rows;
  readonly metric: ClientSummary;
  readonly face: Summary<string>;
}

/** Makes a summary of a checked definition. */
export function createSummary(parts: SummaryParts): DeclaredSummary {
  const { definition, misuse } = parts;
  const { name, type, labelNames } = definition;
  // The numbers are prom-client's: a row here only bounds the label sets and makes their values strings.
  const rows = new Rows({ definition, misuse, width: 0, blockBits: 9 });
  const metric = clientSummary(parts);
  const labelsAt = (row: number): Record<string, string> => {
    const texts = rows.labels.textsAt(row);
    return Object.fromEntries(labelNames.map((label, i) => [label, texts[i] as string]));
  };
  rows.onDrop = (row) => metric.remove(labelsAt(row));

  function record(given: readonly unknown[], value: number): void {
    if (Number.isFinite(value)) metric.observe(labelsAt(rows.of(given)), value);
    else
      misuse.count(
        "value",
        () => `observe(): found ${String(value)}; expected a finite number. It was not recorded.`,
      );
  }

  const face = {
    name,
    type,
    labelNames,
    labels: (...values: unknown[]) => handleOf((value) => record(values, value)),
    remove(...values: unknown[]) {
      const row = rows.find(values);
      if (row >= 0) rows.drop(row);
    },
    reset() {
      rows.clear();
      metric.reset();
    },
    observe: (labels: unknown, value = Number.NaN) =>
      isNamed(labels) ? record([labels], value) : record([], labels as number),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => record([{ ...labels, ...more }], seconds)),
  };
  return { rows, metric, face: face as unknown as Summary<string> };
}

function handleOf(observe: (value: number) => void): SummaryHandle {
  return { observe, startTimer: () => startStopwatch(observe) };
}

function clientSummary({ client, registry, definition, collect, options }: SummaryParts): ClientSummary {
  const { name, help, labelNames, bounds, aggregator } = definition;
  return new client.Summary({
    name,
    help,
    aggregator,
    collect,
    labelNames: [...labelNames],
    percentiles: [...bounds],
    registers: [registry],
    ...(options.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: options.maxAgeSeconds }),
    ...(options.ageBuckets === undefined ? {} : { ageBuckets: options.ageBuckets }),
  });
}
