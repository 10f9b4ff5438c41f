import type { FamilyType } from "../families/definition.js";
import { startStopwatch } from "../families/stopwatch.js";
import { type Recorder, scaleTo, type Target, VERBS, type Verb } from "./target.js";

interface Series {
  readonly target: Target;
  readonly handle: Recorder;
}

/** The handle of one recorded label set: of one series of each target. */
export function createRoutedHandle(
  targets: readonly Target[],
  values: readonly unknown[],
  type: FamilyType,
): Recorder {
  const series = targets.map((target) => ({
    target,
    handle: target.face.labels(...target.valuesOf(values)),
  }));
  const [first] = series;
  if (first !== undefined && series.length === 1 && isEnough(first, type)) return first.handle;
  const recorder = Object.fromEntries(
    VERBS[type].map((verb) => [verb, recordInto(series, verb)]),
  ) as Recorder;
  return Object.assign(recorder, EXTRAS[type](recorder, series));
}

// The series' own handle would zero what other label sets have recorded as well.
function isEnough({ target }: Series, type: FamilyType): boolean {
  return target.scale === 1 && !(target.isMerged && type === "histogram");
}

function recordInto(series: readonly Series[], verb: Verb): (value?: number, ...rest: unknown[]) => void {
  return (value, ...rest) => {
    for (const { target, handle } of series) handle[verb]?.(scaleTo(target, verb, value), ...rest);
  };
}

const EXTRAS: Readonly<Record<FamilyType, (recorder: Recorder, series: readonly Series[]) => object>> = {
  counter: () => ({}),
  gauge: (recorder) => ({
    setToCurrentTime: () => recorder.set?.(Date.now() / 1000),
    startTimer: () => startStopwatch((seconds) => recorder.set?.(seconds)),
  }),
  histogram: (recorder, series) => ({
    startTimer: () => startStopwatch((seconds) => recorder.observe?.(seconds)),
    // The series has appeared with its handle.
    zero: () => {
      for (const { target, handle } of series) if (!target.isMerged) handle.zero?.();
    },
  }),
  summary: (recorder) => ({ startTimer: () => startStopwatch((seconds) => recorder.observe?.(seconds)) }),
};
