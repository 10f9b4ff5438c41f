/** The classes that a failed outgoing request can have, as the label `error`. */
export type ErrorClass = "aborted" | "connection_refused" | "connection_reset" | "dns" | "protocol" | "timeout" | "tls" | "other";

// Codes of Node, undici and OpenSSL.
const CLASSES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/^(ABORT_ERR|UND_ERR_ABORTED|UND_ERR_DESTROYED)$/, "aborted"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "connection_refused"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_CLOSED)$/, "connection_reset"],
  [/^(ENOTFOUND|EAI_\w+)$/, "dns"],
  [/TIMEOUT$|TIMEDOUT$/, "timeout"],
  [/^(HPE_\w+|UND_ERR_\w+)$/, "protocol"],
  [/^(ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO_\w+|EPROTO)$/, "tls"],
];

/** Classes an error by its code, its cause's code or its name; the text is never used. */
export function errorClass(error: unknown): ErrorClass {
  for (let current = error, depth = 0; isRecord(current) && depth < 5; current = current["cause"], depth++) {
    if (current["name"] === "AbortError") return "aborted";
    if (current["name"] === "TimeoutError") return "timeout";
    const found = classOfCode(current["code"]);
    if (found !== undefined) return found;
  }
  return "other";
}

function classOfCode(code: unknown): ErrorClass | undefined {
  if (typeof code !== "string") return undefined;
  return CLASSES.find(([pattern]) => pattern.test(code))?.[1];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
