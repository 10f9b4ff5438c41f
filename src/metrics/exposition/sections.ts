import type { Declaration } from "../families/declaration.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import type { Peers } from "./clash.js";
import type { Format, Piece } from "./formats/format.js";
import type { RegisteredMetric } from "./print-metric.js";
import { LEFT_OUT } from "./scrape-foreign.js";
import type { Sink } from "./text-sinks.js";

/** What sections are made from. */
export interface SectionParts {
  readonly format: Format;
  readonly report: ReportMisuse;
  /** Our families by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  readonly peers: Peers;
  /** Makes a metric of anybody else safe to read. */
  readonly foreign: (metric: RegisteredMetric) => RegisteredMetric;
}

/** The pieces of one metric, none where it could not be read; never rejects. */
export type Section = () => Promise<Iterable<Piece>>;

/** Begins the section of a metric: whatever has a collect callback starts at once, so that slow ones wait side by side. */
export function prepareSection(parts: SectionParts, metric: RegisteredMetric): Section {
  const { format, declarations, peers } = parts;
  const declaration = declarations.get(metric);
  if (declaration !== undefined && !declaration.isForeign) {
    const collected = declaration.collect();
    return () => collected.then(() => format.family(declaration, peers));
  }
  const read = metric.collect === undefined ? undefined : readForeign(parts, metric);
  return () => read ?? readForeign(parts, metric);
}

/** Writes sections one after the other, until nobody reads any more. */
export async function writeSections(
  sections: readonly Section[],
  { gap, end }: Format,
  sink: Sink,
): Promise<void> {
  let before = "";
  for (const section of sections) {
    let isShown = false;
    for (const piece of await section()) {
      if (!(await sink(typeof piece === "string" && !isShown ? before + piece : piece))) return;
      isShown = true;
    }
    if (isShown) before = gap;
  }
  if (end !== "") await sink(end);
}

async function readForeign(
  { format, report, peers, foreign }: SectionParts,
  metric: RegisteredMetric,
): Promise<Iterable<Piece>> {
  try {
    return await format.foreign(foreign(metric), peers);
  } catch (error) {
    if (error !== LEFT_OUT)
      createMisuse(metric.name, report).tell(() => `could not be read and was left out: ${String(error)}`);
    return [];
  }
}
