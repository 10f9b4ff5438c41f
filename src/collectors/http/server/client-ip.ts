import { type ClientAddress, tellAddress } from "../../../logging/client-address.js";
import type { RequestLike } from "../targets/shapes.js";

/** The address of a request's client as it may be told. */
export type ClientIpOf = (req: RequestLike) => string | undefined;

interface Forwarded {
  /** Express's: what `trust proxy` makes of `X-Forwarded-For`. */
  readonly ip?: unknown;
}

/**
 * Makes the reader of client addresses. Asked when a request begins: a socket that was cut tells no address any more.
 * A forwarded address counts only where Express has been told to trust it.
 */
export function createClientIp(how: ClientAddress): ClientIpOf {
  if (how === "none") return () => undefined;
  return (req) => {
    const forwarded = req.headers["x-forwarded-for"] === undefined ? undefined : (req as Forwarded).ip;
    return tellAddress(forwarded ?? req.socket?.remoteAddress, how);
  };
}
