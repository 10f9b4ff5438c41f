import type { LoggerOptions } from "pino";
import { HAS_COMPONENT } from "./components.js";
import type { Fields, LineFormat } from "./formats/format.js";
import { rename } from "./formats/free-name.js";
import { countLine } from "./line-counts.js";
import type { LineFields } from "./line-fields.js";
import type { Redactor } from "./redact.js";

/** What the hook needs to know of its logger. */
export interface LogMethodParts {
  readonly redactor: Redactor;
  readonly format: Pick<LineFormat, "arrange" | "messageKey" | "nestedKey" | "alwaysMessage">;
  readonly fieldsOf: LineFields;
  /** Told of a call that could not be rendered. */
  fault(error: unknown): void;
}

/** pino's `hooks.logMethod`. */
export type LogMethod = NonNullable<NonNullable<LoggerOptions["hooks"]>["logMethod"]>;

const PLACEHOLDER = /%[sdifjoOc]/;

/**
 * Makes the hook that every enabled log call passes: it copies logged objects with secrets hidden, adds what the
 * logger and the work under way are bound to, turns `("failed", error)` into an error field, and lets no fault of a
 * getter, serializer or format reach the caller.
 */
export function createLogMethod({ redactor, format, fieldsOf, fault }: LogMethodParts): LogMethod {
  const isFlat = format.nestedKey === undefined;

  function clean(logger: Parameters<LineFields>[0], args: unknown[], level: number): void {
    hoistError(args);
    for (let i = 1; i < args.length; i++) {
      if (typeof args[i] === "object") args[i] = printable(redactor.walk().value(args[i]));
      // `%d` of a symbol throws.
      else if (typeof args[i] === "symbol") args[i] = String(args[i]);
    }
    const fields = fieldsOf(logger, args);
    if (fields === undefined) {
      if (format.alwaysMessage && args[0] === undefined && args[1] === undefined) args[0] = "";
      return;
    }
    if (args[1] === undefined) args[1] = takeText(fields, format.messageKey);
    if (args[1] === undefined && format.alwaysMessage) args[1] = "";
    if (isFlat && args[1] !== undefined) rename(fields, format.messageKey);
    args[0] = format.arrange(fields, level, HAS_COMPONENT in logger);
  }

  return function hook(args, method, level) {
    const text: unknown = typeof args[0] === "string" ? args[0] : args[1];
    try {
      clean(this, args, level);
      method.apply(this, args);
    } catch (error) {
      fault(error);
      // The text of the call at least, without what broke it.
      method.call(this, { unrendered: true }, typeof text === "string" ? text : "");
    }
    countLine(this, level);
  };
}

// `%s` of an object with a member called `toString`, which is no function in a copy, throws.
function printable(value: unknown): unknown {
  try {
    String(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

/** The text of a call that has none of its own: one that was logged as a field, or the error's. */
function takeText(fields: Fields, messageKey: string): string | undefined {
  for (const key of [messageKey, "msg"]) {
    const text = fields[key];
    if (typeof text !== "string") continue;
    delete fields[key];
    return text;
  }
  const error = fields["err"];
  const message = typeof error === "object" && error !== null ? (error as Fields)["message"] : undefined;
  return typeof message === "string" ? message : undefined;
}

/** pino drops the error of `log.error("failed", error)`. */
function hoistError(args: unknown[]): void {
  const [text, error] = args;
  if (typeof text === "string" && error instanceof Error && !PLACEHOLDER.test(text))
    args.splice(0, 2, { err: error }, text);
}
