import type { Exemplar } from "../columns/exemplars.js";
import type { Definition } from "../families/definition.js";
import { escapeQuoted } from "./escape.js";

/** A line of every series, without its own labels and its number. */
export interface Line {
  /** Up to the value of the first label. */
  readonly before: Buffer;
  /** From the value of the last label to the number. */
  readonly after: Buffer;
}

/** How the series of one family are written. */
export interface LineLayout {
  /** The lines about the family itself. */
  readonly head: string;
  readonly lines: readonly Line[];
  /** What stands between the values of two labels: before the second, before the third … */
  readonly between: readonly Buffer[];
  /** What stands behind the number of a line with an exemplar; absent where the format shows none. */
  readonly suffixOf?: ((exemplar: Exemplar) => string) | undefined;
}

/** Renders once what does not change: names, bounds and default labels. A label of the family's own replaces a default one. */
export type LayOut = (definition: Definition, defaultLabels: object) => LineLayout;

/** What formats of text spell each in its own way. */
export interface Spelling {
  head(definition: Definition): string;
  /** The name on the line of a series that has but one. */
  nameOf(definition: Definition): string;
  /** A number in the label `le`. */
  bound(bound: number): string;
  /** What stands behind the number of a line with an exemplar; absent where the format shows none. */
  readonly suffixOf?: ((exemplar: Exemplar) => string) | undefined;
}

/** The name of a line, and the labels before and after the series' own. */
interface Frame {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const SPECIAL = /[\\"\n]/;

/** Makes the layout of one format. */
export function createLayOut(spelling: Spelling): LayOut {
  return (definition, defaultLabels) => {
    const { labelNames } = definition;
    const frames = framesOf(spelling, definition, defaultsOf(labelNames, defaultLabels));
    return {
      head: spelling.head(definition),
      suffixOf: spelling.suffixOf,
      between: labelNames.slice(1).map((label) => Buffer.from(`",${label}="`)),
      lines: frames.map((frame) => lineOf(frame, labelNames[0])),
    };
  };
}

/** Labels as they stand between braces. */
export function labelsText(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([label, value]) => pair(label, String(value)))
    .join(",");
}

/** Labels as they stand between braces, given by names and values in turns. */
export function pairsText(pairs: readonly string[]): string {
  let text = "";
  for (let i = 0; i < pairs.length; i += 2)
    text = join(text, pair(pairs[i] as string, pairs[i + 1] as string));
  return text;
}

/** What stands before a number: the name, and the labels if there are any. */
export function prefix(name: string, labels: string): string {
  return labels === "" ? `${name} ` : `${name}{${labels}} `;
}

function defaultsOf(labelNames: readonly string[], defaultLabels: object): string {
  return labelsText(
    Object.fromEntries(Object.entries(defaultLabels).filter(([label]) => !labelNames.includes(label))),
  );
}

function lineOf({ name, before, after }: Frame, firstLabel: string | undefined): Line {
  if (firstLabel === undefined)
    return { before: Buffer.from(prefix(name, join(before, after))), after: Buffer.alloc(0) };
  return {
    before: Buffer.from(`${name}{${join(before, `${firstLabel}="`)}`),
    after: Buffer.from(`${join('"', after)}} `),
  };
}

function framesOf(spelling: Spelling, definition: Definition, defaults: string): Frame[] {
  return definition.type === "histogram"
    ? histogramFrames(spelling, definition, defaults)
    : [{ name: spelling.nameOf(definition), before: "", after: defaults }];
}

// prom-client writes `le` and default labels first in a histogram, and default labels last everywhere else.
function histogramFrames({ bound }: Spelling, { name, bounds }: Definition, defaults: string): Frame[] {
  const buckets = [...bounds.map(bound), "+Inf"].map((le) => ({
    name: `${name}_bucket`,
    before: join(pair("le", le), defaults),
    after: "",
  }));
  return [
    ...buckets,
    { name: `${name}_sum`, before: defaults, after: "" },
    { name: `${name}_count`, before: defaults, after: "" },
  ];
}

function join(left: string, right: string): string {
  if (left === "") return right;
  return right === "" ? left : `${left},${right}`;
}

function pair(label: string, value: string): string {
  return SPECIAL.test(value) ? `${label}="${escapeQuoted(value)}"` : `${label}="${value}"`;
}
