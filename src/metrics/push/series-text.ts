import type { Series, SeriesFamily, SeriesLabels } from "../families/series.js";
import { exportedLabels, type LabelPair } from "./labels.js";
import { lineNames, lineValues, numberText } from "./lines.js";

/** What the text of some series depends on. */
export interface TextContext {
  /** Labels that the receiver adds; they are left out. */
  readonly group: SeriesLabels;
  /** True where `# HELP` and `# TYPE` of the metric have been written. */
  readonly isDescribed: boolean;
}

/**
 * Series of one metric in the text format 0.0.4.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function seriesText(
  family: SeriesFamily,
  series: readonly Series[],
  { group, isDescribed }: TextContext,
): string {
  const { name, help, type } = family;
  const head = `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n`;
  let text = isDescribed ? "" : head;
  for (const one of series) {
    const own = exportedLabels(one.labels, group).map(pairText);
    const values = lineValues(one);
    for (const [i, { name: line, label }] of lineNames(family, one).entries()) {
      const labels = label === undefined ? own : [...own, pairText(label)];
      const braces = labels.length === 0 ? "" : `{${labels.join(",")}}`;
      text += `${line}${braces} ${numberText(values[i] as number)}\n`;
    }
  }
  return text;
}

function pairText([name, value]: LabelPair): string {
  return `${name}="${escapeText(value).replaceAll('"', '\\"')}"`;
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
