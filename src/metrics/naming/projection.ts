import type { LabelNamings } from "./types.js";

/** One exported label: where its value is found among those that are recorded. */
export interface LabelColumn {
  readonly name: string;
  /** Position among the declared labels. */
  readonly from: number;
  readonly value?: (text: string) => string;
}

/** The exported labels of a family, in the order of the declared ones. */
export function columnsOf(declared: readonly string[], namings: LabelNamings | "none" = {}): LabelColumn[] {
  if (namings === "none") return [];
  return declared.flatMap((name, from) => {
    const named = Object.hasOwn(namings, name) ? namings[name] : undefined;
    return (named ?? [{ name }]).map((one) => ({ ...one, from }));
  });
}

/** True where each declared label is exported, with its own values, in its place: names are all that differs. */
export function isPlain(columns: readonly LabelColumn[], declared: readonly string[]): boolean {
  return (
    columns.length === declared.length &&
    columns.every(({ from, value }, i) => from === i && value === undefined)
  );
}

/** The exported values of recorded ones. Never throws. */
export function project(columns: readonly LabelColumn[], values: readonly unknown[]): unknown[] {
  return columns.map(({ from, value }) => (value === undefined ? values[from] : value(textOf(values[from]))));
}

/** The text of a recorded value, for what looks at it before it is stored. Never throws. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  // An object may have a toString that throws; no label of ours is one.
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}
