import { AsyncLocalStorage } from "node:async_hooks";
import { contexts, SUPPRESSED_ROOT } from "../tracing/context.js";

/** Runs `work` outside of any request, without spans. */
export type Apart = <T>(work: () => T) => T;

/** Makes it for the place where it is made: a check that a request registers or asks for does not hold that request. */
export function createApart(): Apart {
  const outside = AsyncLocalStorage.snapshot();
  return (work) => outside(() => contexts.run(SUPPRESSED_ROOT, work));
}
