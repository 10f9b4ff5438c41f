import type { CheckView } from "./checks/views.js";
import type { CheckGroup, HealthWord } from "./types.js";

/** Which checks count for an endpoint; `health` means all. */
export function viewsOf(views: ReadonlyMap<string, CheckView>, group: CheckGroup): CheckView[] {
  const all = [...views.values()];
  return group === "health" ? all : all.filter(({ settings }) => settings.groups.has(group));
}

/**
 * The word for some checks together: a critical one that is unhealthy makes all unhealthy, any other fault makes them
 * degraded. One that is unknown counts only where it is critical and was skipped, or, while `isFirst`, has no result
 * yet; never for `live`, where it would restart the service.
 */
export function aggregate(views: readonly CheckView[], group: CheckGroup, isFirst: boolean): HealthWord {
  const words = views.map((view) => wordOf(view, group, isFirst));
  if (words.includes("unhealthy")) return "unhealthy";
  return words.includes("degraded") ? "degraded" : "healthy";
}

function wordOf({ word, reason, settings }: CheckView, group: CheckGroup, isFirst: boolean): HealthWord {
  if (word === "unhealthy") return settings.critical ? "unhealthy" : "degraded";
  if (word !== "unknown") return word;
  const counts = group !== "live" && settings.critical && (isFirst || reason !== "pending");
  return counts ? "unhealthy" : "healthy";
}
