import { boundedValues } from "../../../bounded.js";
import type { Guard } from "../../../collector.js";
import { labelText } from "../../../metrics/columns/label-text.js";
import type { Exchange } from "../server/exchange.js";
import type { HttpSettings, LabelValueOf } from "../settings.js";

/** Reads one custom label of an exchange, made text and bounded. */
export type CustomLabel = (exchange: Exchange) => string;

/** Compiles the `labels` option, in the order of its keys. A function that throws gives the empty value. */
export function compileLabels(settings: HttpSettings, guard: Guard): readonly CustomLabel[] {
  return Object.values(settings.labels).map((read: LabelValueOf) => {
    const bound = boundedValues(settings.maxLabelValues);
    return ({ req, res }) => bound(guard("http.labels", () => textOf(read(req, res))));
  });
}

// Made text inside the guard: a value's own toString() may throw.
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Promise) refuse(value);
  return labelText(String(value));
}

function refuse(promise: Promise<unknown>): never {
  // Else its rejection, which nobody could handle, would end the process.
  promise.catch(() => undefined);
  throw new TypeError("a label function returned a promise; expected a value");
}
