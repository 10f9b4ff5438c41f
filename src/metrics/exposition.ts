import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { Declaration } from "./declaration.js";
import { createLineLayout } from "./line-layout.js";
import type { ReportMisuse } from "./misuse.js";
import { numberText } from "./number-text.js";
import { type Client, printMetric, type RegisteredMetric } from "./print-metric.js";
import type { PipeOptions } from "./types.js";

/** What an exposition is made from. */
export interface ExpositionParts {
  readonly client: Client;
  readonly report: ReportMisuse;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
}

/** Makes the text of a registry. */
export interface Exposition {
  text(registry: Registry): Promise<string>;
  /** The text of one metric; rejects when it cannot be read. */
  textOf(registry: Registry, metric: RegisteredMetric): Promise<string>;
  pipeTo(registry: Registry, writable: Writable, options: PipeOptions): Promise<void>;
  release(): void;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
}

export function createExposition({ client, report, declarations }: ExpositionParts): Exposition {
  let defaultLabels: object = {};

  async function printed(registry: Registry, metric: RegisteredMetric): Promise<string> {
    try {
      return await printMetric(client, metric, { contentType: registry.contentType, defaultLabels });
    } catch (error) {
      report(`${metric.name}: could not be read and is left out: ${String(error)}`);
      return "";
    }
  }

  async function familyText({ rows, collect }: Declaration): Promise<string> {
    await collect();
    const layout = createLineLayout(rows.definition, defaultLabels as Record<string, unknown>);
    let text = layout.head;
    for (let row = 0; row < rows.columns.rows; row++) {
      if (!rows.columns.isLive(row)) continue;
      const values = valuesOf(rows, row);
      text += layout
        .prefixesOf(rows.labels.textsAt(row))
        .map((prefix, i) => `${prefix}${numberText(values[i] as number)}\n`)
        .join("");
    }
    return text.slice(0, -1);
  }

  return {
    textOf: (registry, metric) =>
      printMetric(client, metric, { contentType: registry.contentType, defaultLabels }),
    async pipeTo(registry, writable, { end = true }) {
      writable.write(await this.text(registry));
      if (end) writable.end();
    },
    release: () => undefined,
    relabel(labels) {
      defaultLabels = labels;
    },
    async text(registry) {
      const isOpenMetrics = registry.contentType === (client.Registry.OPENMETRICS_CONTENT_TYPE as string);
      const parts: string[] = [];
      for (const metric of registry.getMetricsAsArray() as unknown as RegisteredMetric[]) {
        const family = declarations.get(metric);
        parts.push(
          family === undefined || family.isForeign || isOpenMetrics
            ? await printed(registry, metric)
            : await familyText(family),
        );
      }
      const filled = parts.filter((part) => part !== "");
      return isOpenMetrics ? `${filled.join("\n")}\n# EOF\n` : `${filled.join("\n\n")}\n`;
    },
  };
}

function valuesOf({ columns, definition }: Declaration["rows"], row: number): number[] {
  const offset = columns.offsetOf(row);
  const cells = [...columns.blockOf(row).subarray(offset, offset + columns.width)];
  if (definition.type !== "histogram") return cells;
  let count = 0;
  const buckets = cells.slice(0, -1).map((cell) => (count += cell));
  return [...buckets, cells.at(-1) as number, count];
}
