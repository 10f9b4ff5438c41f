import type { Definition } from "../families/definition.js";
import { escapeQuoted } from "./escape.js";
import { createLayOut, type LayOut, pairsText, type Spelling } from "./layout.js";
import { canonicalText, numberText } from "./number-text.js";

/** What is said of a metric before its lines. */
export type Described = Pick<Definition, "name" | "help" | "unit"> & { readonly type: string };

/** What is shown of an exemplar. */
export interface ExemplarParts {
  /** As they stand between braces. */
  readonly labels: string;
  readonly value: number;
  /** Unix time, if it is known. */
  readonly seconds: number | string | undefined;
}

/**
 * OpenMetrics 1.0.0: a counter's family has no `_total`, its lines do; a unit is shown where the name ends in it.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
const SPELLING: Spelling = {
  head: (definition) => headText({ ...definition, name: familyName(definition) }),
  nameOf: lineName,
  bound: canonicalText,
  suffixOf: ({ labels, value, atMs }) =>
    exemplarText({ labels: pairsText(labels), value, seconds: (atMs / 1000).toFixed(3) }),
};

/** OpenMetrics 1.0.0. */
export const layOutOpenMetrics: LayOut = createLayOut(SPELLING);

/** The same for a counter whose family name another metric has: its type is not told, and its name stays whole. */
export const layOutUnknown: LayOut = createLayOut({
  ...SPELLING,
  head: ({ name, help }) => headText({ name, help, type: "unknown", unit: undefined }),
  nameOf: ({ name }) => name,
  suffixOf: undefined,
});

/** The family's name in OpenMetrics. */
export function familyName({ name, type }: Pick<Described, "name" | "type">): string {
  return type === "counter" ? name.replace(/_total$/, "") : name;
}

/** The name on the lines of a metric in OpenMetrics. */
export function lineName(metric: Pick<Described, "name" | "type">): string {
  return metric.type === "counter" ? `${familyName(metric)}_total` : metric.name;
}

/** The lines about a family, under the name it is given. */
export function headText({ name, help, type, unit }: Described): string {
  const isNamed = unit !== undefined && name.endsWith(`_${unit}`);
  const unitLine = isNamed ? `# UNIT ${name} ${unit}\n` : "";
  return `# HELP ${name} ${escapeQuoted(help)}\n# TYPE ${name} ${type}\n${unitLine}`;
}

/** An exemplar as it stands behind a number. */
export function exemplarText({ labels, value, seconds }: ExemplarParts): string {
  return ` # {${labels}} ${numberText(value)}${seconds === undefined ? "" : ` ${seconds}`}`;
}
