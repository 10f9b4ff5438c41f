import type { Indicator } from "../types.js";

/** The part of a server that is used. */
export interface ServerLike {
  readonly listening: boolean;
}

/** Healthy while the server listens: what a health port of its own cannot tell. */
export function server(target: ServerLike): Indicator {
  return Object.assign(() => target.listening, { options: {} });
}
