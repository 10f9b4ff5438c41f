import type { Indicator } from "../types.js";
import { systemIndicator } from "./system.js";

/** A circuit breaker: opossum's, cockatiel's, or a function that tells its state. */
export type CircuitLike =
  | (() => string)
  | { readonly opened: boolean; readonly halfOpen?: boolean }
  | { readonly state: number | string };

// cockatiel: CircuitState.
const COCKATIEL: readonly string[] = ["closed", "open", "half_open", "isolated"];

/** Degraded while a breaker is not closed, and never worse: an open breaker is the protection, not the fault. */
export function circuit(breaker: CircuitLike): Indicator {
  return systemIndicator(() => {
    const state = stateOf(breaker);
    return { status: state === "closed" ? "healthy" : "degraded", isOpen: state !== "closed" };
  });
}

function stateOf(breaker: CircuitLike): string {
  if (typeof breaker === "function") return breaker();
  if ("opened" in breaker) return breaker.opened || breaker.halfOpen === true ? "open" : "closed";
  return typeof breaker.state === "number" ? (COCKATIEL[breaker.state] ?? "open") : breaker.state;
}
