/** The classes that a failed outgoing request can have, as the label `error`. */
export type ErrorClass =
  | "aborted"
  | "connection_refused"
  | "connection_reset"
  | "dns"
  | "protocol"
  | "timeout"
  | "tls"
  | "other";

// Codes of Node, undici, axios and OpenSSL. ECONNABORTED is what axios gives up with.
const CLASSES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/^(ABORT_ERR|ECONNABORTED|ERR_CANCELED|UND_ERR_ABORTED|UND_ERR_DESTROYED)$/, "aborted"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "connection_refused"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED)$/, "connection_reset"],
  [/^(ENOTFOUND|EAI_\w+)$/, "dns"],
  [/TIMEOUT$|TIMEDOUT$/, "timeout"],
  [/^(HPE_\w+|UND_ERR_\w+)$/, "protocol"],
  [/^(ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO_\w+|EPROTO)$/, "tls"],
];

// undici's parser error has no code from version 7 on.
const NAMES: ReadonlyMap<unknown, ErrorClass> = new Map([
  ["AbortError", "aborted"],
  ["TimeoutError", "timeout"],
  ["HTTPParserError", "protocol"],
]);

const MAX_CAUSES = 5;

/** Classes an error by its code, its name or those of its cause; the text is never used. */
export function errorClass(error: unknown): ErrorClass {
  let current = error;
  for (let depth = 0; isRecord(current) && depth < MAX_CAUSES; depth++) {
    const found = NAMES.get(current["name"]) ?? classOfCode(current["code"]);
    // A deadline aborts as well; the cause says which it was.
    if (found === "aborted" && isRecord(current["cause"]))
      return NAMES.get(current["cause"]["name"]) ?? found;
    if (found !== undefined) return found;
    current = current["cause"] ?? firstOf(current["errors"]);
  }
  return "other";
}

function classOfCode(code: unknown): ErrorClass | undefined {
  if (typeof code !== "string") return undefined;
  return CLASSES.find(([pattern]) => pattern.test(code))?.[1];
}

// An AggregateError: every address of a host failed.
function firstOf(errors: unknown): unknown {
  return Array.isArray(errors) ? errors[0] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
