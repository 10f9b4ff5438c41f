import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { Declaration } from "./declaration.js";
import { createFamilyTexts } from "./family-texts.js";
import type { ReportMisuse } from "./misuse.js";
import { type Client, printMetric, type RegisteredMetric } from "./print-metric.js";
import { createSections, isOpenMetrics } from "./sections.js";
import { createStringSink, createWritableSink, type Sink } from "./text-sinks.js";
import type { PipeOptions } from "./types.js";

const DEFAULT_PAGES_BYTES = 32 * 1024 * 1024;
const DEFAULT_SLICE_MS = 1;

/** What an exposition is made from. */
export interface ExpositionParts {
  readonly client: Client;
  readonly report: ReportMisuse;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  /** Bytes of text kept between scrapes. Default: 32 MiB. */
  readonly pagesBytes?: number;
  /** Milliseconds, monotonic. Default: `performance.now()`. */
  readonly now?: () => number;
}

/** Makes the text of a registry. */
export interface Exposition {
  /** The whole text; never rejects. */
  text(registry: Registry): Promise<string>;
  /** The text of one metric; rejects when it cannot be read. */
  textOf(registry: Registry, metric: RegisteredMetric): Promise<string>;
  /** Writes the text piece by piece; never rejects. */
  pipeTo(registry: Registry, writable: Writable, options: PipeOptions): Promise<void>;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
  /** Lets go of the text that is kept between scrapes. */
  release(): void;
}

/** Makes the exposition of one registry. */
export function createExposition(parts: ExpositionParts): Exposition {
  const { client, report, declarations, now = () => performance.now() } = parts;
  const texts = createFamilyTexts(parts.pagesBytes ?? DEFAULT_PAGES_BYTES);
  const sectionsOf = createSections({ client, report, declarations, texts, now });

  async function write(registry: Registry, sink: Sink): Promise<void> {
    const isOpen = isOpenMetrics(client, registry);
    let gap = "";
    const open = (text: string): Promise<boolean> => {
      const piece = gap + text;
      gap = isOpen ? "" : "\n";
      return sink(piece);
    };
    for (const section of sectionsOf(registry)) if (!(await section({ open, sink }))) return;
    if (isOpen) await sink("# EOF\n");
  }

  return {
    textOf: (registry, metric) =>
      printMetric(client, metric, { contentType: registry.contentType, defaultLabels: texts.defaultLabels }),
    relabel: texts.relabel,
    release: texts.release,
    async text(registry) {
      const { sink, text } = createStringSink(DEFAULT_SLICE_MS);
      await write(registry, sink);
      return text();
    },
    async pipeTo(registry, writable, { end = true, sliceMs = DEFAULT_SLICE_MS }) {
      const { sink, isClosed, release } = createWritableSink(writable, sliceMs);
      try {
        await write(registry, sink);
        if (end && !isClosed()) writable.end();
      } finally {
        release();
      }
    },
  };
}
