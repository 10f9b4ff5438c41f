import { isMainThread } from "node:worker_threads";
import type { DomainKit } from "../../collector.js";
import { declareProcessFamilies, type ProcessFamilies } from "./process-families.js";
import { declareRuntimeFamilies, type RuntimeFamilies } from "./runtime-families.js";

declare module "../../collector.js" {
  interface Domains {
    process: ProcessDomain;
  }
}

/** The vocabulary of the process and of the JavaScript runtime within it. */
export interface ProcessDomain {
  /** What the operating system knows; undefined in a worker thread, for it is the main thread's to tell. */
  readonly process: ProcessFamilies | undefined;
  /** What belongs to one thread: its heap, its event loop, its collector of garbage. */
  readonly runtime: RuntimeFamilies;
}

/** Declares the families of the domain. */
export function createProcessDomain({ declare }: DomainKit): ProcessDomain {
  return {
    process: isMainThread ? declareProcessFamilies(declare) : undefined,
    runtime: declareRuntimeFamilies(declare),
  };
}
