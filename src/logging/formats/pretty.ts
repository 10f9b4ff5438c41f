import type { FormatParts, LineFormat } from "./format.js";
import { jsonFormat } from "./json.js";
import { createPretty } from "./pretty-line.js";

/** For people: the `json` line as time, level, component, message and `key=value`. */
export function prettyFormat(parts: FormatParts): LineFormat {
  return { ...jsonFormat(parts), present: createPretty };
}
