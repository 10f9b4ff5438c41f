import { serialize } from "node:v8";
import type { Journal } from "./types.js";

/** How much is told. */
export interface TellOptions {
  /** Everything, and not only what changed. */
  readonly isWhole: boolean;
  /** Without the collect callbacks. */
  readonly isQuiet: boolean;
}

/** Tells of this process's families, as bytes. */
export interface Teller {
  /** One at a time; the next begins when the one before is told. */
  tell(options: TellOptions): Promise<Buffer>;
  /** Everything, at once and without the collect callbacks: the process is about to end. */
  tellNow(): Buffer;
}

/** Makes the teller over a journal, which whoever is the hub listens to. */
export function createTeller(journal: Journal): Teller {
  let last: Promise<unknown> = Promise.resolve();

  async function tell({ isWhole, isQuiet }: TellOptions): Promise<Buffer> {
    if (isWhole) journal.restart();
    return serialize(isQuiet ? journal.now() : await journal.next());
  }

  return {
    tell(options) {
      const told = last.then(() => tell(options));
      last = told.catch(() => undefined);
      return told;
    },
    tellNow() {
      journal.restart();
      return serialize(journal.now());
    },
  };
}
