import type { Fields } from "./formats/format.js";
import type { Redactor } from "./redact.js";
import type { LoggingHooks } from "./settings.js";

/** The fields of the work under way, cleaned; undefined where there are none. Never throws. */
export type ContextFields = () => Fields | undefined;

/** Reads the fields of the work under way. They are cleaned once, for many lines carry the same. */
export function createContextFields(
  hooks: Pick<LoggingHooks, "fields">,
  redactor: Redactor,
  fault: (error: unknown) => void,
): ContextFields {
  const known = new WeakMap<object, Fields>();

  function clean(source: object): Fields {
    const made = redactor.walk().entries(source);
    known.set(source, made);
    return made;
  }

  return () => {
    try {
      const source = hooks.fields?.();
      return source === undefined ? undefined : (known.get(source) ?? clean(source));
    } catch (error) {
      fault(error);
      return undefined;
    }
  };
}
