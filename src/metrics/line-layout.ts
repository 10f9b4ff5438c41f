import type { Definition } from "./definition.js";

/** How the series of one family are written, everything but the numbers. */
export interface LineLayout {
  /** The `# HELP` and `# TYPE` lines. */
  readonly head: string;
  /** What stands before the number on each line of a series. */
  prefixesOf(texts: readonly string[]): string[];
}

/** A line of every series: its name, and the labels before and after the series' own. */
interface Line {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const SPECIAL = /[\\"\n]/;

/** Renders once what does not change: names, bounds and default labels. A label of the family's own replaces a default one. */
export function createLineLayout(definition: Definition, defaultLabels: object): LineLayout {
  const { name, help, type, labelNames } = definition;
  const defaults = Object.entries(defaultLabels)
    .filter(([label]) => !labelNames.includes(label))
    .map(([label, value]) => pair(label, String(value)))
    .join(",");
  const lines =
    type === "histogram" ? histogramLines(definition, defaults) : [{ name, before: "", after: defaults }];
  return {
    head: `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n`,
    prefixesOf(texts) {
      let own = "";
      for (const [i, text] of texts.entries()) own = join(own, pair(labelNames[i] as string, text));
      return lines.map(({ name, before, after }) => prefix(name, join(join(before, own), after)));
    },
  };
}

// prom-client writes `le` and default labels first in a histogram, and default labels last everywhere else.
function histogramLines({ name, bounds }: Definition, defaults: string): Line[] {
  const buckets = [...bounds, "+Inf"].map((le) => ({
    name: `${name}_bucket`,
    before: join(pair("le", String(le)), defaults),
    after: "",
  }));
  return [
    ...buckets,
    { name: `${name}_sum`, before: defaults, after: "" },
    { name: `${name}_count`, before: defaults, after: "" },
  ];
}

function prefix(name: string, labels: string): string {
  return labels === "" ? `${name} ` : `${name}{${labels}} `;
}

function join(left: string, right: string): string {
  if (left === "") return right;
  return right === "" ? left : `${left},${right}`;
}

function pair(label: string, value: string): string {
  return SPECIAL.test(value)
    ? `${label}="${escapeText(value).replaceAll('"', '\\"')}"`
    : `${label}="${value}"`;
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
