import type { HealthClock } from "../clock.js";
import type { CheckReport, CheckWord } from "../types.js";
import type { PolledCheck, PolledCheckParts, RunResult } from "./check.js";
import type { CheckSettings } from "./settings.js";
import { blockerOf, type CheckView, viewAll } from "./views.js";

/** A change of a check's word. */
export interface CheckTransition {
  readonly view: CheckView;
  readonly from: CheckWord;
  readonly msInPrevious: number;
  /** True for the first result of a check. */
  readonly isFirst: boolean;
}

/** Who hears of what the checks do. */
export interface ChecksHooks {
  onRun(name: string, result: RunResult, durationMs: number): void;
  onTransition(transition: CheckTransition): void;
  /** A check was unregistered. */
  onRemove(name: string): void;
  /** Something that the service should put right; told once for each check. */
  onAdvice(name: string, text: string): void;
  /** Runs what may fail. */
  guard(run: () => void): void;
  /** A view as the next run is told of it. */
  report(view: CheckView): CheckReport;
}

/** One registered check, and what was told of it last. */
export interface Entry {
  readonly settings: CheckSettings;
  readonly check: PolledCheck;
  readonly yields: boolean;
  readonly dispose: (() => void) | undefined;
  isFirst: boolean;
  told: CheckWord;
  toldMs: number;
}

/** Makes what tells of changes, wakes who waited for them, and returns all checks as they stand. */
export function createSettle(
  entries: ReadonlyMap<string, Entry>,
  clock: HealthClock,
  hooks: ChecksHooks,
): () => ReadonlyMap<string, CheckView> {
  return () => {
    const views = viewAll(entries);
    for (const [name, view] of views) {
      const entry = entries.get(name) as Entry;
      if (view.word === entry.told) continue;
      const [from, msInPrevious] = [entry.told, clock.now() - entry.toldMs];
      const isFirst = entry.isFirst;
      Object.assign(entry, { told: view.word, toldMs: clock.now(), isFirst: false });
      hooks.onTransition({ view, from, msInPrevious, isFirst });
    }
    for (const { check } of entries.values()) check.wake();
    return views;
  };
}

interface Surroundings {
  readonly settings: CheckSettings;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly hooks: ChecksHooks;
  settle(): void;
}

/** What ties one check to the others. */
export function linksOf(
  name: string,
  { settings, entries, hooks, settle }: Surroundings,
): Pick<PolledCheckParts, "isBlocked" | "previous" | "onRun"> {
  let advised = false;
  return {
    isBlocked: () => blockerOf(settings.dependsOn, viewAll(entries)) !== undefined,
    previous() {
      const view = viewAll(entries).get(name);
      return view?.lastRunMs === undefined ? undefined : hooks.report(view);
    },
    onRun(result, durationMs, outcome) {
      hooks.guard(() => hooks.onRun(name, result, durationMs));
      if (outcome?.dropped !== undefined && !advised) {
        advised = true;
        hooks.onAdvice(name, `not shown of its answer: ${outcome.dropped.slice(0, 5).join(", ")}`);
      }
      hooks.guard(settle);
    },
  };
}
