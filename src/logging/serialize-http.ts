import { redactUrl } from "./redact-url.js";
import { read, type Walk } from "./walk.js";

/** True for a request of node:http, a framework or fetch. */
export function isRequest(source: object): boolean {
  const headers = read(source, "headers");
  return (
    typeof read(source, "method") === "string" &&
    typeof read(source, "url") === "string" &&
    typeof headers === "object" &&
    headers !== null
  );
}

/** True for an outgoing message of node:http or a framework's reply. */
export function isResponse(source: object): boolean {
  return typeof read(source, "getHeaders") === "function";
}

/** `{id, method, url, headers}`; the client's address stays out. */
export function describeRequest(source: object, walk: Walk): object {
  const original = read(source, "originalUrl");
  const id = read(source, "id");
  return {
    ...(typeof id === "string" || typeof id === "number" ? { id } : {}),
    method: read(source, "method"),
    url: walk.field("url", typeof original === "string" ? original : read(source, "url")),
    headers: walk.value(read(source, "headers")),
  };
}

/** `{statusCode, headers}`; of a client's own request `{method, path}`. */
export function describeResponse(source: object, walk: Walk): object {
  const path = read(source, "path");
  if (typeof path === "string") return { method: read(source, "method"), path: walk.text(path, redactUrl) };
  const headers: unknown = Reflect.apply(read(source, "getHeaders") as () => unknown, source, []);
  return { statusCode: read(source, "statusCode"), headers: walk.value(headers) };
}
