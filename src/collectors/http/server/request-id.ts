import { randomUUID } from "node:crypto";

// What proxies and SDKs send (UUIDs, ULIDs, base64, trace ids), and nothing that could break a log line or a header.
const ACCEPTED = /^[\w.:+/=@-]{1,128}$/;

/** The caller's request id when it is one safe token of at most 128 characters, else a fresh UUID. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && ACCEPTED.test(header) ? header : randomUUID();
}
