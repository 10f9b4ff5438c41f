import type { LogFn, Logger } from "pino";
import { cleanFields, type Serializers } from "./clean-fields.js";
import type { Redactor } from "./redact.js";

/** What the hook needs to know of its logger. */
export interface LogMethodParts {
  readonly redactor: Redactor;
  /** Names that every line has: level, time, service … */
  readonly fixed: readonly string[];
  /** True when the line to come carries trace and request ids. */
  hasIds(): boolean;
  /** Told of a call that could not be rendered. */
  fault(error: unknown): void;
}

/** pino's `hooks.logMethod`, and the cleaning that it shares with children. */
export interface LogMethod {
  hook(this: Logger, args: Parameters<LogFn>, method: LogFn): void;
  /** Cleans the bindings of a child; `serializers` are the host's. */
  bindings(bindings: object, logger: Logger, serializers: Serializers): object;
}

/** Holds the serializers of the host on a child logger; its own children inherit them. */
export const HOST_SERIALIZERS: unique symbol = Symbol("telltale.serializers");
/** Marks a logger whose lines have a `component`. */
export const HAS_COMPONENT: unique symbol = Symbol("telltale.component");

const IDS = ["trace_id", "span_id", "request_id"];
const PLACEHOLDER = /%[sdifjoOc]/;
const NONE: Serializers = Object.freeze({});

/**
 * Makes the hook that every enabled log call passes: it copies logged objects with secrets hidden, turns
 * `("failed", error)` into an error field, and lets no fault of a getter, serializer or format reach the caller.
 */
export function createLogMethod(parts: LogMethodParts): LogMethod {
  function bindings(source: object, logger: Logger, serializers: Serializers): Record<string, unknown> {
    const fields = cleanFields(source, parts.redactor, serializers);
    for (const name of parts.fixed) rename(fields, name);
    for (const name of IDS) if (name in fields && parts.hasIds()) rename(fields, name);
    if (HAS_COMPONENT in logger) rename(fields, "component");
    return fields;
  }

  function clean(logger: Logger, args: unknown[]): void {
    hoistError(args);
    for (let i = 1; i < args.length; i++) {
      if (typeof args[i] === "object") args[i] = parts.redactor.walk().value(args[i]);
      // `%d` of a symbol throws.
      else if (typeof args[i] === "symbol") args[i] = String(args[i]);
    }
    const first = args[0];
    if (typeof first !== "object" || first === null) return;
    const fields = bindings(first, logger, serializersOf(logger));
    if (args[1] !== undefined) rename(fields, "msg");
    args[0] = fields;
  }

  function hook(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
    const text: unknown = typeof args[0] === "string" ? args[0] : args[1];
    try {
      clean(this, args);
      method.apply(this, args);
    } catch (error) {
      parts.fault(error);
      // The text of the call at least, without what broke it.
      method.call(this, { unrendered: true }, typeof text === "string" ? text : "");
    }
  }

  return { hook, bindings };
}

/** Appends `_` to a name that the line has already: parsers reject duplicate keys, or let the last one win. */
function rename(fields: Record<string, unknown>, name: string): void {
  if (!(name in fields)) return;
  fields[`${name}_`] = fields[name];
  delete fields[name];
}

/** pino drops the error of `log.error("failed", error)`. */
function hoistError(args: unknown[]): void {
  const [text, error] = args;
  if (typeof text === "string" && error instanceof Error && !PLACEHOLDER.test(text))
    args.splice(0, 2, { err: error }, text);
}

function serializersOf(logger: Logger): Serializers {
  return HOST_SERIALIZERS in logger ? (logger[HOST_SERIALIZERS] as Serializers) : NONE;
}
