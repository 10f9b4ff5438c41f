/** Stands for a method that is not in the list, as in the OpenTelemetry conventions. */
export const OTHER_METHOD = "_OTHER";

// RFC 9110 section 9, PATCH (RFC 5789) and QUERY: the list of the OpenTelemetry HTTP conventions.
const STANDARD = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"];

/** Bounds the `method` label: a standard method or one of `extra` as is, anything else `_OTHER`. */
export function methodLabeller(extra: readonly string[]): (method: string | undefined) => string {
  const known = new Set([...STANDARD, ...extra]);
  return (method) => (method !== undefined && known.has(method) ? method : OTHER_METHOD);
}
