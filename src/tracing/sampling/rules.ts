import type { Attributes } from "@opentelemetry/api";
import type { SamplingRule } from "./types.js";

/** What is known of a trace when it begins. */
export interface Beginning {
  /** Name of its first span. */
  readonly name: string;
  readonly attributes: Attributes;
}

/** True when a rule speaks of the trace. */
export type Matches = (beginning: Beginning) => boolean;

/** Compiles the condition of a rule; without one it fits every trace. */
export function compileRule({ route, operation }: SamplingRule): Matches {
  const path = route === undefined ? undefined : pathPattern(route);
  const fits = operation === undefined ? () => true : nameTest(operation);
  return ({ name, attributes }) => {
    if (!fits(name)) return false;
    if (path === undefined) return true;
    const found = pathOf(attributes);
    return found !== undefined && path.test(found);
  };
}

function nameTest(operation: string): (name: string) => boolean {
  if (!operation.endsWith("*")) return (name) => name === operation;
  const prefix = operation.slice(0, -1);
  return (name) => name.startsWith(prefix);
}

/** The paths that a route stands for; a trailing slash does not count. */
export function pathPattern(route: string): RegExp {
  const isPrefix = route.endsWith("*");
  const text = isPrefix ? route.slice(0, -1) : route.replace(/(?<=.)\/$/, "");
  const source = text
    .split("/")
    .map((segment) => (/^(:.+|\{.+\})$/.test(segment) ? "[^/]+" : literal(segment)))
    .join("/");
  return new RegExp(isPrefix ? `^${source}` : `^${source}/?$`, "s");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

// `url.path` is today's name of it; older instrumentations put the path and the query in `http.target`.
function pathOf(attributes: Attributes): string | undefined {
  const found = attributes["url.path"] ?? attributes["http.target"];
  return typeof found === "string" ? found.split("?", 1)[0] : undefined;
}
