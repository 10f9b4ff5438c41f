/** Stands for every value past a bound. */
export const OVERFLOW = "__overflow__";

/** Lets the first `max` distinct values through and folds the rest into {@link OVERFLOW}. */
export function boundedValues(max: number): (value: unknown) => string {
  const known = new Set<string>();
  return (value) => {
    const text = value === undefined || value === null ? "" : String(value);
    if (known.has(text)) return text;
    if (known.size >= max) return OVERFLOW;
    known.add(text);
    return text;
  };
}
