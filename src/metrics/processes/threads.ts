import { isMainThread } from "node:worker_threads";
import type { ShareRows } from "../columns/sharing.js";
import type { Exposition } from "../exposition/exposition.js";
import type { ReportMisuse } from "../families/misuse.js";
import type { ExposedFleet } from "./fleet.js";
import { createMainThread } from "./threads-main.js";
import { createWorkerThread } from "./threads-worker.js";
import type { View } from "./types.js";

/** A view, and what writes it. */
export interface Exposed {
  readonly view: View;
  readonly exposition: Exposition;
}

/** What joins an instance with those of the same service in other threads. */
export interface ThreadsParts {
  /** Instances of the same service belong together. */
  readonly service: string;
  /** This instance alone. */
  readonly own: () => Exposed;
  createFleet(): ExposedFleet;
  readonly report: ReportMisuse;
}

/** The threads of a process, seen from one of them. */
export interface Threads {
  /** Where the rows of this instance's families lie; undefined where nobody else reads them. */
  readonly share: ShareRows | undefined;
  /**
   * What a scrape is to show: in the main thread the sum over all threads as soon as another was heard of, with the
   * collect callbacks of all run; otherwise this instance alone. Never rejects.
   */
  expose(): Promise<Exposed>;
  /** The same in this turn, for the last words of a process: no callback runs. */
  exposeNow(): Exposed;
  /** Leaves the others. What this instance recorded in another thread stays in the main thread's sum. */
  close(): void;
}

/** Joins the other threads, by a channel that keeps nothing alive. */
export function createThreads(parts: ThreadsParts): Threads {
  return isMainThread ? createMainThread(parts) : createWorkerThread(parts);
}
