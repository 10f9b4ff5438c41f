import type { Fields } from "./format.js";

const MAX_CAUSES = 8;
const MAX_CHARS = 32_768;

/** An error as the walk describes it. */
export interface DescribedError {
  readonly type: string;
  readonly message: unknown;
  readonly stack: unknown;
  readonly cause?: unknown;
}

/** True for what the walk made of an error; a serializer of the host's may have put something else there. */
export function isDescribedError(value: unknown): value is DescribedError {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Error) &&
    typeof (value as Partial<DescribedError>).type === "string" &&
    "message" in value &&
    "stack" in value
  );
}

/** The stack with those of its causes below, as `Caused by: …`; at most 8 causes and 32 k characters. */
export function stackText(error: DescribedError): string {
  const parts: string[] = [];
  let next: unknown = error;
  while (isDescribedError(next) && parts.length <= MAX_CAUSES) {
    parts.push(typeof next.stack === "string" ? next.stack : `${next.type}: ${String(next.message)}`);
    next = next.cause;
  }
  if (typeof next === "string") parts.push(next);
  return parts.join("\nCaused by: ").slice(0, MAX_CHARS);
}

/** What an error has besides type, message, stack and cause: its code, its context, the errors it gathers. */
export function errorDetails(error: DescribedError): Fields | undefined {
  const {
    type: _type,
    message: _message,
    stack: _stack,
    cause: _cause,
    ...rest
  } = error as unknown as Fields;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
