import type { Logger } from "pino";
import { boundOf } from "./bound.js";
import { cleanFields, type Serializers } from "./clean-fields.js";
import type { ContextFields } from "./context-fields.js";
import type { Fields } from "./formats/format.js";
import type { IsKnown } from "./known-line.js";
import type { Redactor } from "./redact.js";

/** Holds the serializers of the host on a child logger; its own children inherit them. */
export const HOST_SERIALIZERS: unique symbol = Symbol("telltale.serializers");

/** Answers what a line is to carry besides its text, and makes room for it where the text came first. */
export type LineFields = (logger: Logger, args: unknown[]) => Fields | undefined;

const NONE: Serializers = Object.freeze({});

/** Makes the one place where a line's own fields, its logger's and those of the work under way come together. */
export function createLineFields(
  redactor: Redactor,
  contextFields: ContextFields,
  isKnown: IsKnown,
): LineFields {
  return (logger, args) => {
    const bound = boundOf(logger);
    const context = contextFields();
    const isBare = bound === undefined && context === undefined;
    const first = args[0];
    if (typeof first === "object" && first !== null) {
      const serializers = serializersOf(logger);
      if (isBare && serializers === NONE && isKnown(first)) return first as Fields;
      const own = cleanFields(first, redactor, serializers);
      return isBare ? own : { ...context, ...bound, ...own };
    }
    if (isBare) return undefined;
    if (first === undefined || first === null) args.shift();
    args.unshift(undefined);
    return { ...context, ...bound };
  };
}

/** The serializers that the host gave to `logger` and those it descends from. */
export function serializersOf(logger: Logger): Serializers {
  return HOST_SERIALIZERS in logger ? (logger[HOST_SERIALIZERS] as Serializers) : NONE;
}
