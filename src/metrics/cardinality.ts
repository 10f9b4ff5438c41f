import type { Registry } from "prom-client";
import type { Rows } from "./columns/rows.js";
import type { Declaration } from "./families/declaration.js";
import type { CardinalityOptions, CardinalityReport, FamilyCardinality } from "./types.js";

/** What a report is made from. */
export interface CardinalityParts {
  readonly registry: Registry;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
}

/** Makes the reporter of how full the families of a registry are. */
export function createCardinality(
  parts: CardinalityParts,
): (options?: CardinalityOptions) => CardinalityReport {
  const { registry, declarations } = parts;
  return ({ top = Number.POSITIVE_INFINITY } = {}) => {
    const families = registry.getMetricsAsArray().flatMap((metric) => {
      const rows = declarations.get(metric)?.rows;
      return rows === undefined ? [] : [measure(rows)];
    });
    const report = families.sort(byFullness).slice(0, top);
    // Not enumerable: the report is an array to whoever compares, spreads or serialises it.
    return Object.defineProperty(report, "toString", { value: () => tableOf(report) });
  };
}

function measure({ definition, columns, labels, dropped }: Rows): FamilyCardinality {
  const { name, maxSeries, labelNames } = definition;
  return {
    family: name,
    series: columns.live,
    maxSeries,
    dropped,
    values: Object.fromEntries(labelNames.map((label, i) => [label, labels.sizeOf(i)])),
  };
}

function byFullness(one: FamilyCardinality, other: FamilyCardinality): number {
  return other.series - one.series || other.dropped - one.dropped || (one.family < other.family ? -1 : 1);
}

function tableOf(report: readonly FamilyCardinality[]): string {
  const lines = report.map(({ family, series, maxSeries, dropped, values }) => [
    family,
    `${series}/${maxSeries}`,
    String(dropped),
    Object.entries(values)
      .map(([label, count]) => `${label} ${count}`)
      .join(", "),
  ]);
  const table = [["FAMILY", "SERIES", "DROPPED", "VALUES"], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
