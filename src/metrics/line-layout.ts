import type { Definition } from "./definition.js";

/** How the series of one family are written, everything but the numbers. */
export interface LineLayout {
  /** The `# HELP` and `# TYPE` lines. */
  readonly head: string;
  /** Lines a series. */
  readonly lines: number;
  /** What stands before the number on each line of a series. */
  prefixesOf(texts: readonly string[]): string[];
}

/** Renders once what does not change: names, bounds and default labels; a label of the family's own replaces a default one. */
export function createLineLayout(
  definition: Definition,
  defaultLabels: Readonly<Record<string, unknown>>,
): LineLayout {
  const { name, help, type, labelNames } = definition;
  const defaults = Object.entries(defaultLabels)
    .filter(([label]) => !labelNames.includes(label))
    .map(([label, value]) => pair(label, String(value)));
  const parts =
    type === "histogram" ? histogramParts(definition, defaults) : [{ name, before: [], after: defaults }];
  return {
    head: `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n`,
    lines: parts.length,
    prefixesOf(texts) {
      const own = texts.map((text, i) => pair(labelNames[i] as string, text)).join(",");
      return parts.map((part) => prefix(part, own));
    },
  };
}

interface Part {
  readonly name: string;
  /** Labels before the series' own. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

// prom-client writes `le` and default labels first in a histogram, and default labels last everywhere else.
function histogramParts({ name, bounds }: Definition, defaults: readonly string[]): Part[] {
  const buckets = [...bounds, "+Inf"].map((le) => ({
    name: `${name}_bucket`,
    before: [pair("le", String(le)), ...defaults],
    after: [],
  }));
  const totals = ["_sum", "_count"].map((suffix) => ({ name: name + suffix, before: defaults, after: [] }));
  return [...buckets, ...totals];
}

function prefix({ name, before, after }: Part, own: string): string {
  const labels = [...before, ...(own === "" ? [] : [own]), ...after].join(",");
  return labels === "" ? `${name} ` : `${name}{${labels}} `;
}

function pair(label: string, value: string): string {
  return `${label}="${escapeText(value).replaceAll('"', '\\"')}"`;
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
