import { refusal } from "./settings.js";

/** Throws when `name`, depending on `dependsOn`, would close a circle. */
export function rejectCircle(
  name: string,
  dependsOn: readonly string[],
  parentsOf: (name: string) => readonly string[],
): void {
  const seen = new Set<string>();
  const walk = (at: string, way: readonly string[]): void => {
    if (at === name) throw refusal(`${name}.dependsOn`, [...way, name].join(" → "), "no circle");
    if (seen.has(at)) return;
    seen.add(at);
    for (const parent of parentsOf(at)) walk(parent, [...way, at]);
  };
  for (const parent of dependsOn) walk(parent, [name]);
}
