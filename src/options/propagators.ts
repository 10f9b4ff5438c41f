import { FORMATS } from "../tracing/propagation/formats.js";
import { DEFAULT_PROPAGATORS } from "../tracing/propagation/index.js";
import type { Environment } from "./values.js";

/** Names of the propagators that there are. */
export const PROPAGATORS: readonly string[] = Object.keys(FORMATS);

/**
 * OTEL_PROPAGATORS as OpenTelemetry specifies it: names with commas between them, `none` for none; a name that is not
 * known is told and left out.
 */
export function propagatorsOf(
  given: readonly string[] | undefined,
  env: Environment,
): { propagators: readonly string[]; complaints: readonly string[] } {
  if (given !== undefined) return { propagators: given, complaints: [] };
  const names = (env["OTEL_PROPAGATORS"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (names.length === 0) return { propagators: DEFAULT_PROPAGATORS, complaints: [] };
  const isKnown = (name: string): boolean => PROPAGATORS.includes(name);
  return {
    propagators: names.includes("none") ? [] : names.filter(isKnown),
    complaints: names
      .filter((name) => name !== "none" && !isKnown(name))
      .map(
        (name) =>
          `OTEL_PROPAGATORS names ${JSON.stringify(name)}, which is not one of ${PROPAGATORS.join(", ")}`,
      ),
  };
}
