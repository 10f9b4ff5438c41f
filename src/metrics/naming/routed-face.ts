import { isNamed } from "../columns/rows.js";
import type { FamilyType } from "../families/definition.js";
import type { Misuse } from "../families/misuse.js";
import { startStopwatch } from "../families/stopwatch.js";
import type { ExemplarRecord } from "../types.js";
import { createRoutedHandle } from "./routed-handle.js";
import {
  type Branch,
  createTarget,
  type Recorder,
  scaleTo,
  type Target,
  VERBS,
  type Verb,
} from "./target.js";

/** What is known of the records that are sent on. */
export interface Routing {
  readonly type: FamilyType;
  /** Labels as the code that records names them. */
  readonly declared: readonly string[];
  readonly misuse: Misuse;
  /** True for a counter that takes prom-client's one argument of labels, value and exemplar. */
  readonly takesRecords: boolean;
}

/**
 * Sends what is recorded in the first family on into each of them: with other labels, in other units, or only what it
 * takes. The face stays the same object; whoever records into it need not know.
 */
export function routeRecords(branches: readonly [Branch, ...Branch[]], routing: Routing): void {
  const [{ face }] = branches;
  const targets = branches.map((branch) => createTarget(branch, routing.declared));
  const valuesOf = createValueReader(routing);
  const recorder = createRecorder(targets, routing, valuesOf);
  const taking = (values: readonly unknown[]): Target[] => targets.filter(({ takes }) => takes(values));
  Object.assign(face, recorder, timersOf(routing.type, recorder), {
    labels(...given: unknown[]) {
      const values = valuesOf(given);
      return createRoutedHandle(taking(values), values, routing.type);
    },
    // A copy adds up more than this one label set.
    remove: (...given: unknown[]) => targets[0]?.face.remove(...targets[0].valuesOf(valuesOf(given))),
    reset() {
      for (const target of targets) target.face.reset();
    },
  });
  if (face.zero !== undefined) face.zero = (labels = {}) => face.labels(labels).zero?.();
}

function createRecorder(targets: readonly Target[], routing: Routing, valuesOf: ReadValues): Recorder {
  const { type } = routing;
  const record = (verb: Verb, args: readonly unknown[]): void => {
    const [labels, value, ...rest] = isNamed(args[0]) ? readNamed(routing, args) : [{}, ...args];
    const values = valuesOf([labels]);
    for (const target of targets) {
      if (target.takes(values))
        target.face[verb]?.(target.labelsOf(values), scaleTo(target, verb, value), ...rest);
    }
  };
  return Object.fromEntries(VERBS[type].map((verb) => [verb, (...args: unknown[]) => record(verb, args)]));
}

// Labels alone are no observation, so there it is prom-client's form; a counter must have been declared for it.
function readNamed({ type, takesRecords }: Routing, args: readonly unknown[]): readonly unknown[] {
  const given = args[0] as Partial<ExemplarRecord<string>>;
  const isRecord = "labels" in given || "value" in given || "exemplarLabels" in given;
  const isForm = type === "histogram" ? args[1] === undefined : takesRecords && isRecord;
  return isForm ? [given.labels ?? {}, given.value, given.exemplarLabels] : args;
}

function timersOf(type: FamilyType, recorder: Recorder): object {
  const [verb] = VERBS[type];
  if (type === "counter") return {};
  return {
    setToCurrentTime: (labels: unknown = {}) => recorder.set?.(labels, Date.now() / 1000),
    startTimer: (labels?: object) =>
      startStopwatch((seconds, more?: object) => recorder[verb]?.({ ...labels, ...more }, seconds)),
  };
}

type ReadValues = (given: readonly unknown[]) => readonly unknown[];

/** Makes the reader of recorded labels, given by name or by position; it tells what no declared label takes up. */
function createValueReader({ declared, misuse }: Routing): ReadValues {
  const expected = declared.length === 0 ? "no labels" : `labels ${declared.join(", ")}`;

  function byName(labels: Readonly<Record<string, unknown>>): unknown[] {
    for (const label of Object.keys(labels)) {
      if (!declared.includes(label))
        misuse.once("label", () => `found label "${label}"; expected ${expected}. It was ignored.`);
    }
    return declared.map((label) => labels[label]);
  }

  // A getter or a proxy of the service's may throw.
  function readable(labels: Readonly<Record<string, unknown>>): unknown[] {
    return declared.map((label) => {
      try {
        return labels[label];
      } catch {
        misuse.count("unreadable", () => `label "${label}" threw when it was read; it was left empty.`);
        return undefined;
      }
    });
  }

  function named(labels: Readonly<Record<string, unknown>>): unknown[] {
    try {
      return byName(labels);
    } catch {
      return readable(labels);
    }
  }

  return (given) => {
    if (isNamed(given[0])) return named(given[0] as Readonly<Record<string, unknown>>);
    if (given.length > declared.length)
      misuse.once("values", () => `found ${given.length} label values; expected ${expected}.`);
    return given;
  };
}
