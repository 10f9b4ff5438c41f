import type { Registry } from "prom-client";
import type { Declaration } from "./declaration.js";
import type { FamilyTexts } from "./family-texts.js";
import { createMisuse, type ReportMisuse } from "./misuse.js";
import { type Client, printMetric, type RegisteredMetric } from "./print-metric.js";
import type { Sink } from "./text-sinks.js";

/** What sections are made from. */
export interface SectionParts {
  readonly client: Client;
  readonly report: ReportMisuse;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  readonly texts: FamilyTexts;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** Where the text of one metric goes. */
export interface SectionSinks {
  /** Takes the first piece and sets it off from the metric before. */
  open(text: string): Promise<boolean>;
  /** Takes the others. */
  readonly sink: Sink;
}

/** Writes the text of one metric; false when nobody reads any more. */
export type Section = (sinks: SectionSinks) => Promise<boolean>;

/** Makes the maker of sections, which are a scrape's metrics in order. */
export function createSections(parts: SectionParts): (registry: Registry) => Section[] {
  const { client, declarations, texts } = parts;

  // Whatever has a collect callback starts at once, so that slow ones wait side by side.
  function prepare(registry: Registry, metric: RegisteredMetric): Section {
    const declaration = declarations.get(metric);
    if (declaration !== undefined && !declaration.isForeign && !isOpenMetrics(client, registry)) {
      const collected = declaration.collect();
      return (sinks) => collected.then(() => writeFamily(parts, declaration, sinks));
    }
    const printed = metric.collect === undefined ? undefined : print(parts, registry, metric);
    return async ({ open }) => {
      const text = await (printed ?? print(parts, registry, metric));
      return text === "" || open(text);
    };
  }

  return (registry) => {
    const metrics = registry.getMetricsAsArray() as unknown as RegisteredMetric[];
    texts.keepOnly(new Set(metrics.flatMap((metric) => declarations.get(metric) ?? [])));
    return metrics.map((metric) => prepare(registry, metric));
  };
}

/** True where the registry was switched to the OpenMetrics format. */
export function isOpenMetrics(client: Client, { contentType }: { readonly contentType: string }): boolean {
  return contentType === client.Registry.OPENMETRICS_CONTENT_TYPE;
}

async function writeFamily(
  { texts, now }: SectionParts,
  declaration: Declaration,
  sinks: SectionSinks,
): Promise<boolean> {
  const text = texts.of(declaration);
  let isRead = await sinks.open(text.head);
  for (let block = 0; isRead && block < text.blocks; block++)
    isRead = await sinks.sink(text.show(block, now()));
  return isRead;
}

async function print(
  { client, texts, report }: SectionParts,
  { contentType }: Registry,
  metric: RegisteredMetric,
): Promise<string> {
  try {
    return `${await printMetric(client, metric, { contentType, defaultLabels: texts.defaultLabels })}\n`;
  } catch (error) {
    createMisuse(metric.name, report).tell(() => `could not be read and was left out: ${String(error)}`);
    return "";
  }
}
