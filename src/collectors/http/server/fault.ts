import type { Guard } from "../../../collector.js";

/** Hands what was caught to the guard, where running under it would make a closure for each request. */
export function noteFault(guard: Guard, error: unknown): undefined {
  return guard("http", () => {
    throw error;
  });
}
