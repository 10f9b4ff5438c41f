import type { CheckReason, CheckWord } from "../types.js";
import type { PolledCheck } from "./check.js";
import type { CheckSettings } from "./settings.js";

/** One check as it stands among the others. */
export interface CheckView extends Omit<ReturnType<PolledCheck["state"]>, "word" | "reason"> {
  readonly name: string;
  readonly word: CheckWord;
  readonly reason?: CheckReason;
  readonly settings: CheckSettings;
}

/** What a view is read from. */
export interface Viewed {
  readonly settings: CheckSettings;
  readonly check: PolledCheck;
}

/** Reads all checks at one moment, each with what it depends on taken into account. */
export function viewAll(entries: ReadonlyMap<string, Viewed>): ReadonlyMap<string, CheckView> {
  const views = new Map<string, CheckView>();
  for (const name of entries.keys()) viewOne(name, entries, views);
  return views;
}

/** Why a check must not run now: one it depends on is down or not there (`down`), or has no result yet (`pending`). */
export function blockerOf(
  dependsOn: readonly string[],
  views: ReadonlyMap<string, CheckView>,
): { readonly name: string; readonly why: "down" | "pending" } | undefined {
  const blockers = dependsOn.flatMap((name) => {
    const why = whyBlocked(views.get(name));
    return why === undefined ? [] : [{ name, why }];
  });
  return blockers.find(({ why }) => why === "down") ?? blockers[0];
}

function whyBlocked(parent: CheckView | undefined): "down" | "pending" | undefined {
  if (parent === undefined || parent.word === "unhealthy") return "down";
  if (parent.word !== "unknown") return undefined;
  return parent.reason === "pending" ? "pending" : "down";
}

function viewOne(name: string, entries: ReadonlyMap<string, Viewed>, views: Map<string, CheckView>): void {
  const entry = entries.get(name);
  if (entry === undefined || views.has(name)) return;
  const { settings, check } = entry;
  for (const parent of settings.dependsOn) viewOne(parent, entries, views);
  const { word, reason, ...rest } = check.state();
  const blocker = blockerOf(settings.dependsOn, views);
  if (blocker?.why === "down")
    views.set(name, { ...rest, name, settings, word: "unknown", reason: `dependency:${blocker.name}` });
  else views.set(name, { ...rest, name, settings, word, ...(reason === undefined ? {} : { reason }) });
}
