import type { NameRule } from "./secret-names.js";

/** Stands in for every secret. */
export const REDACTED = "[redacted]";

const MAX_URL_CHARS = 8192;
const AUTHORITY = /^[^/?#]*/;
// A password with a raw "/" or "?" in it ends the authority early: `user:pa/ss@host`.
const SPLIT_PASSWORD = /^[^/?#@[]*:(?!\d*$)/;
const PARAMETER = /[^&;]+/g;

/** Puts the stand-in where `user:password@` is; `rest` starts after the `//`. */
export function redactCredentials(rest: string): string {
  const authority = AUTHORITY.exec(rest)?.[0] ?? "";
  const at = SPLIT_PASSWORD.test(authority) ? rest.lastIndexOf("@") : authority.lastIndexOf("@");
  return at === -1 ? rest : `${REDACTED}@${rest.slice(at + 1)}`;
}

/** Replaces the values of a query string without its `?`; names stay. With a `rule`, only the secret ones. */
export function redactQuery(query: string, rule?: NameRule): string {
  return query.replace(PARAMETER, (parameter) => {
    const equals = parameter.indexOf("=");
    if (equals === -1) return rule === undefined ? REDACTED : parameter;
    if (equals === parameter.length - 1) return parameter;
    if (rule !== undefined && rule(decodeName(parameter.slice(0, equals))) !== "secret") return parameter;
    return `${parameter.slice(0, equals)}=${REDACTED}`;
  });
}

function decodeName(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Replaces every query value, the fragment and the credentials of a URL or path: `/a?token=abc&x=1` becomes
 * `/a?token=[redacted]&x=[redacted]`. Never throws; cut at 8192 characters.
 */
export function redactUrl(url: string): string {
  const text = typeof url === "string" ? url.slice(0, MAX_URL_CHARS) : "";
  const slashes = /^(?:[a-z][a-z\d+.-]*:)?[\\/]{2}/i.exec(text)?.[0] ?? "";
  const rest = slashes === "" ? text : redactCredentials(text.slice(slashes.length));
  const hash = rest.indexOf("#");
  const beforeHash = hash === -1 ? rest : rest.slice(0, hash);
  const mark = beforeHash.indexOf("?");
  const path = mark === -1 ? beforeHash : beforeHash.slice(0, mark);
  const query = mark === -1 ? "" : `?${redactQuery(beforeHash.slice(mark + 1))}`;
  return slashes + path + query + (hash === -1 || hash === rest.length - 1 ? "" : `#${REDACTED}`);
}
