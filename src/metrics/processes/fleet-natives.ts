import type { NativeHistograms } from "../columns/native-histograms.js";
import { differenceOf, type NativeState } from "../columns/native-state.js";
import type { RowOfSource } from "./fleet-joining.js";
import type { SourceRows } from "./fleet-source.js";

/** Adds what a source tells of the exponential buckets of one of its rows, as far as it is new. */
export function takeNative(
  natives: NativeHistograms,
  { source, row, target }: RowOfSource,
  state: NativeState,
): void {
  const told = source.natives.get(row);
  const more = told && differenceOf(state, told.now);
  natives.add(target, more ?? state);
  // Begun anew: what it was before stays in the sum.
  source.natives.set(row, { now: state, base: more && told?.base });
}

/** What sources that are gone left in a row of the fleet: all of it less what the others have told. */
export function nativeLeft(
  total: NativeState | undefined,
  target: number,
  sources: Iterable<SourceRows>,
): NativeState | undefined {
  let left = total;
  for (const source of sources) {
    for (const [row, { now, base }] of source.natives) {
      if (source.targets[row] !== target) continue;
      const own = base === undefined ? now : differenceOf(now, base);
      left = left && own && differenceOf(left, own);
    }
  }
  return left;
}
