import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { Beside } from "../clients/adoptions.js";
import { COLLECT_TIMEOUT_MS } from "../families/collect.js";
import type { Declaration } from "../families/declaration.js";
import type { ReportMisuse } from "../families/misuse.js";
import { createFamilyTexts } from "../text/family-texts.js";
import type { PipeOptions, TextOptions } from "../types.js";
import type { Peers } from "./clash.js";
import { formatOf } from "./content-types.js";
import { createFormats } from "./formats/index.js";
import { type Client, printMetric, type RegisteredMetric } from "./print-metric.js";
import { createForeignReads } from "./scrape-foreign.js";
import { prepareSection, writeSections } from "./sections.js";
import { selectionOf } from "./selection.js";
import { createStringSink, createWritableSink, type Sink } from "./text-sinks.js";

const DEFAULT_SLICE_MS = 1;

/** What an exposition is made from. */
export interface ExpositionParts {
  readonly client: Client;
  readonly report: ReportMisuse;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  /** Metrics that are not registered but show as well, given those that are. Default: none. */
  readonly beside?: Beside;
  /** Milliseconds after which a metric of a third party is left out. Default: 1000. */
  readonly collectTimeoutMs?: number | undefined;
}

/** Writes a registry in any format. */
export interface Exposition {
  /** The whole text; never rejects. */
  text(registry: Registry, options?: TextOptions): Promise<string>;
  /** The text of one metric; rejects when it cannot be read. */
  textOf(registry: Registry, metric: RegisteredMetric): Promise<string>;
  /** Writes the exposition piece by piece; never rejects. */
  pipeTo(registry: Registry, writable: Writable, options: PipeOptions): Promise<void>;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
}

/** Makes the exposition of one registry. */
export function createExposition(parts: ExpositionParts): Exposition {
  const { client, report, declarations } = parts;
  const texts = createFamilyTexts();
  const foreign = createForeignReads({ report, timeoutMs: parts.collectTimeoutMs ?? COLLECT_TIMEOUT_MS });
  const formats = createFormats({ client, texts });

  async function write(registry: Registry, sink: Sink, options: PipeOptions): Promise<void> {
    const metrics = registry.getMetricsAsArray() as unknown as RegisteredMetric[];
    const format = formats[options.format ?? formatOf(registry)];
    const beside = parts.beside?.(metrics) ?? [];
    const registered = (name: string) =>
      registry.getSingleMetric(name) as unknown as RegisteredMetric | undefined;
    const peers: Peers = (name) => registered(name) ?? beside.find((metric) => metric.name === name);
    const section = { report, declarations, format, peers, foreign };
    const shown = [...metrics, ...beside].filter(selectionOf(options.names));
    await writeSections(
      shown.map((metric) => prepareSection(section, metric)),
      format,
      sink,
    );
  }

  return {
    textOf: (registry, metric) =>
      printMetric(client, metric, { contentType: registry.contentType, defaultLabels: texts.defaultLabels }),
    relabel: texts.relabel,
    async text(registry, options = {}) {
      const { sink, text } = createStringSink(DEFAULT_SLICE_MS);
      await write(registry, sink, options);
      return text();
    },
    async pipeTo(registry, writable, options) {
      const { end = true, sliceMs = DEFAULT_SLICE_MS } = options;
      const { sink, isClosed, release } = createWritableSink(writable, sliceMs);
      try {
        await write(registry, sink, options);
        if (end && !isClosed()) writable.end();
      } finally {
        release();
      }
    },
  };
}
