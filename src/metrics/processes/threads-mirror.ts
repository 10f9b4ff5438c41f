import type { FamilySamples } from "../families/samples.js";
import { createSharedFamily, type SharedFamilyReader } from "./shared-family.js";
import type { FromThread, Sender } from "./threads-messages.js";
import { UPDATE_VERSION, type Update } from "./types.js";

/** What the main thread knows of an instance in another thread. */
export interface ThreadMirror extends Sender {
  /** True when the instance said that it goes. */
  readonly isGone: boolean;
  hear(message: FromThread): void;
  /** Reads its memory and gathers what is new, as its journal would. */
  next(): Update;
}

/** Makes the mirror of an instance of which nothing is known yet. */
export function createThreadMirror({ from, thread }: Sender): ThreadMirror {
  const families = new Map<number, SharedFamilyReader>();
  let foreign: readonly FamilySamples[] = [];
  let isGone = false;
  let isTold = false;

  function next(): Update {
    const isWhole = !isTold;
    isTold = true;
    const updates = [...families.values()].map((family) => family.next());
    return { version: UPDATE_VERSION, isWhole, families: updates, gone: [], foreign };
  }

  function hear(message: FromThread): void {
    switch (message.kind) {
      case "family":
        // Said again for somebody else: what was told of it stays.
        if (!families.has(message.family)) families.set(message.family, createSharedFamily(message));
        return;
      case "block":
        return families.get(message.family)?.addBlock(message);
      case "rows":
        return families.get(message.family)?.nameRows(message);
      case "answer":
        foreign = message.foreign;
        return;
      case "gone":
        isGone = true;
    }
  }

  return {
    from,
    thread,
    hear,
    next,
    get isGone() {
      return isGone;
    },
  };
}
