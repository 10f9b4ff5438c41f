import type { FamilyType } from "../families/definition.js";
import type { Route } from "./naming.js";
import { type LabelColumn, project, textOf } from "./projection.js";

/** The ways a value is recorded. */
export type Verb = "inc" | "dec" | "set" | "observe";

/** The verbs of each type; the first is what a timer records with. */
export const VERBS: Readonly<Record<FamilyType, readonly [Verb, ...Verb[]]>> = {
  counter: ["inc"],
  gauge: ["set", "inc", "dec"],
  histogram: ["observe"],
  summary: ["observe"],
};

type RecordValue = (...args: unknown[]) => void;

/** What values are recorded with: a face, or the handle of a series. */
export interface Recorder extends Partial<Record<Verb, RecordValue>> {
  zero?(labels?: object): void;
}

/** A family as far as records go into it. */
export interface RecordingFace extends Recorder {
  labels(...values: unknown[]): Recorder;
  remove(...values: unknown[]): void;
  reset(): void;
}

/** A family that records go into, and what is done to them on the way. */
export interface Branch {
  readonly face: RecordingFace;
  readonly route: Route;
}

/** The end of a route. */
export interface Target {
  readonly face: RecordingFace;
  readonly scale: number;
  /** True where label sets that differ when recorded may be one when exported. */
  readonly isMerged: boolean;
  takes(values: readonly unknown[]): boolean;
  /** The exported values, in order. */
  valuesOf(values: readonly unknown[]): unknown[];
  /** The same by name; good until the next call. */
  labelsOf(values: readonly unknown[]): object;
}

/** The end of one route for records with `declared` labels. */
export function createTarget({ face, route }: Branch, declared: readonly string[]): Target {
  const { columns, scale, only } = route;
  const labels: Record<string, unknown> = {};
  const valuesOf = (values: readonly unknown[]): unknown[] => project(columns, values);
  return {
    face: { ...face },
    scale,
    isMerged: isMerging(columns, declared),
    takes: (values) => only === undefined || only.value.test(textOf(values[only.from])),
    valuesOf,
    labelsOf(values) {
      for (const [i, value] of valuesOf(values).entries()) labels[(columns[i] as LabelColumn).name] = value;
      return labels;
    },
  };
}

/** A value in the unit of the target. What is no number stays, to be refused where it is recorded. */
export function scaleTo({ scale }: Target, verb: Verb, value: unknown): unknown {
  const given = value === undefined && (verb === "inc" || verb === "dec") ? 1 : value;
  return typeof given === "number" ? given * scale : given;
}

// A label that only appears through a function may lose what told two values apart.
function isMerging(columns: readonly LabelColumn[], declared: readonly string[]): boolean {
  return declared.some((_, i) => !columns.some(({ from, value }) => from === i && value === undefined));
}
