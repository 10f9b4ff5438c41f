import type { Detach } from "../../../collector.js";
import { shadow } from "../../../shadow.js";
import type { ResponseLike } from "../targets/shapes.js";
import { type ExchangeOf, tapsOf } from "./response-taps.js";

/** A prototype of responses whose methods are tapped. */
export interface Cover {
  /** An exchange whose response it watches has begun. */
  enter(): void;
  /** It has closed. */
  leave(): void;
}

/** The prototypes that are tapped. */
export interface Covers {
  /** The cover of a prototype, put on now if need be. */
  of(responses: ResponseLike): Cover;
  /** Takes the taps off again once no exchange needs them. */
  release(responses: ResponseLike): void;
}

interface Tapped extends Cover {
  release(): void;
}

/** Makes covers whose taps tell the exchange that `exchangeOf` finds. */
export function createCovers(exchangeOf: ExchangeOf): Covers {
  const covers = new WeakMap<object, Tapped>();

  function cover(responses: ResponseLike): Tapped {
    const made = createCover(tap(responses, exchangeOf), () => covers.delete(responses));
    covers.set(responses, made);
    return made;
  }

  return {
    of: (responses) => covers.get(responses) ?? cover(responses),
    release: (responses) => covers.get(responses)?.release(),
  };
}

function createCover(restore: Detach, onRestored: () => void): Tapped {
  let open = 0;
  let isReleased = false;
  const restoreIfDone = (): void => {
    if (open > 0 || !isReleased) return;
    restore();
    onRestored();
  };
  return {
    enter: () => void open++,
    leave() {
      open--;
      restoreIfDone();
    },
    release() {
      isReleased = true;
      restoreIfDone();
    },
  };
}

function tap(responses: ResponseLike, exchangeOf: ExchangeOf): Detach {
  const taps = tapsOf(responses, exchangeOf);
  const undo = (["write", "end", "writeHead"] as const).map((name) => shadow(responses, name, taps[name]));
  return () => {
    for (const restore of undo) restore();
  };
}
