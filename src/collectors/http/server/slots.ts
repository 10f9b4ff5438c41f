import { Socket } from "node:net";
import type { RequestLike } from "../targets/shapes.js";
import type { Exchange } from "./exchange.js";

/** Stands where a request was excluded. */
export const EXCLUDED: unique symbol = Symbol("telltale.excluded");

type Held = Exchange | typeof EXCLUDED;

/** Finds the exchange of a request. */
export interface Slots {
  get(req: object): Held | undefined;
  /** The same, without the excluded ones. */
  find(req: object): Exchange | undefined;
  put(req: RequestLike, held: Held): void;
  /** Lets go of an exchange that has closed, so that an idle connection keeps nothing of it. */
  release(exchange: Exchange): void;
}

interface Slotted {
  [key: symbol]: Exchange | undefined;
}

/**
 * Keeps exchanges on their connection, not on the request: on Node 20 and 22 each Express request has a hidden class of
 * its own, where one more property costs 3 µs, while a connection gets its property once. A pipelined request, one of
 * HTTP/2 and one without a socket stand in a map.
 */
export function createSlots(): Slots {
  const key = Symbol("telltale.exchange");
  const others = new WeakMap<object, Held>();

  function get(req: object): Held | undefined {
    const held = slotted(req as RequestLike)?.[key];
    return held?.req === req ? held : others.get(req);
  }

  return {
    get,
    find(req) {
      const held = get(req);
      return held === EXCLUDED ? undefined : held;
    },
    put(req, held) {
      const socket = held === EXCLUDED ? undefined : slotted(req);
      if (socket === undefined || held === EXCLUDED || isTaken(socket[key])) others.set(req, held);
      else socket[key] = held;
    },
    release(exchange) {
      const socket = slotted(exchange.req);
      if (socket?.[key] === exchange) socket[key] = undefined;
    },
  };
}

function isTaken(held: Exchange | undefined): boolean {
  return held !== undefined && !held.done;
}

// HTTP/2 shows a stand-in for the socket of all its streams.
function slotted({ httpVersion, socket }: RequestLike): Slotted | undefined {
  return httpVersion !== "2.0" && socket instanceof Socket ? (socket as unknown as Slotted) : undefined;
}
