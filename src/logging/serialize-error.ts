import { read, type Walk } from "./walk.js";

// Told first, in this order; `cause` and `errors` are not enumerable.
const TOLD = ["type", "name", "message", "stack", "code", "cause", "errors", "__proto__"];
const MAX_EXTRA = 20;

/** `{type, message, stack, code, cause, errors}` and an error's own properties; causes go as deep as the copy does. */
export function describeError(error: object, walk: Walk): object {
  const target: Record<string, unknown> = {
    type: nameOf(error),
    message: walk.value(read(error, "message")),
    stack: walk.value(read(error, "stack")),
  };
  const extra = Object.keys(error).filter((name) => !TOLD.includes(name));
  for (const name of ["code", "cause", "errors", ...extra.slice(0, MAX_EXTRA)]) {
    const value = walk.field(name, read(error, name));
    if (value !== undefined) target[name] = value;
  }
  return target;
}

/** The name an error goes by: its class, unless it has given itself a better one. */
function nameOf(error: object): string {
  const name = read(error, "name");
  if (typeof name === "string" && name !== "Error" && name !== "") return name.slice(0, 128);
  const made = read(error, "constructor");
  return typeof made === "function" && made.name !== "" ? made.name : "Error";
}
