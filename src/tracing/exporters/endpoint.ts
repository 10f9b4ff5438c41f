import { unescape as decode } from "node:querystring";
import { ObservabilityError } from "../../errors.js";

const DEFAULT_AGENT_PORT = 6832;
const COMPACT_AGENT_PORT = 6831;
const OTLP_PATH = "/v1/traces";
const JAEGER_PATH = "/api/traces";
const ZIPKIN_PATH = "/api/v2/spans";

/** Where Jaeger listens: its collector over HTTP, or an agent's port over UDP. */
export type JaegerTarget =
  | { readonly over: "http"; readonly endpoint: string; readonly username: string; readonly password: string }
  | { readonly over: "udp"; readonly host: string; readonly port: number };

/** The URL that OTLP spans are posted to; a URL without a path gets `/v1/traces`, unless it is `exact`. */
export function otlpUrl(endpoint: string, exact = false): string {
  const url = parse(endpoint, endpoint);
  if (!isHttp(url)) throw refused(endpoint, "an http:// or https:// URL");
  return exact ? url.href : withPath(url, OTLP_PATH).href;
}

/** The address of an OTLP collector that speaks gRPC: `http://host:4317`, `https://…` with TLS, or `unix:` with a path. */
export function grpcUrl(endpoint: string): string {
  if (endpoint.startsWith("unix:")) return endpoint;
  const url = parse(endpoint.includes("://") ? endpoint : `http://${endpoint}`, endpoint);
  if (!isHttp(url) || url.hostname === "")
    throw refused(endpoint, "http://host:4317, or https:// for a collector with TLS");
  if (url.pathname !== "/") throw refused(endpoint, "a URL without a path: gRPC has none");
  return endpoint;
}

/** The URL that Zipkin's spans are posted to; a URL without a path gets `/api/v2/spans`. */
export function zipkinUrl(endpoint: string): string {
  const url = parse(endpoint, endpoint);
  if (!isHttp(url)) throw refused(endpoint, "an http:// or https:// URL");
  return withPath(url, ZIPKIN_PATH).href;
}

/** Reads `http(s)://host:14268`, which gets the path `/api/traces`, or `udp://host:6832`, `host:port` or `host`. */
export function jaegerTarget(endpoint: string): JaegerTarget {
  const url = parse(endpoint.includes("://") ? endpoint : `udp://${endpoint}`, endpoint);
  if (isHttp(url)) return httpTarget(withPath(url, JAEGER_PATH));
  if (url.protocol !== "udp:" || url.hostname === "")
    throw refused(endpoint, "the http:// or https:// URL of a Jaeger collector, or udp://host:6832");
  const port = url.port === "" ? DEFAULT_AGENT_PORT : Number(url.port);
  if (port === COMPACT_AGENT_PORT)
    throw refused(endpoint, "port 6832: 6831 takes compact Thrift, this exporter writes binary Thrift");
  return { over: "udp", host: url.hostname.replace(/^\[|\]$/g, ""), port };
}

function httpTarget(url: URL): JaegerTarget {
  const [username, password] = [decode(url.username), decode(url.password)];
  url.username = "";
  url.password = "";
  return { over: "http", endpoint: url.href, username, password };
}

function withPath(url: URL, path: string): URL {
  if (url.pathname === "/" || url.pathname === "") url.pathname = path;
  return url;
}

function isHttp({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

function parse(text: string, endpoint: string): URL {
  if (!URL.canParse(text)) throw refused(endpoint, "a URL");
  return new URL(text);
}

function refused(endpoint: string, expected: string): ObservabilityError {
  const shown = endpoint.replace(/\/\/[^/@]*@/, "//***@");
  return new ObservabilityError(
    "TELLTALE_OPTION",
    `tracing.endpoint is ${JSON.stringify(shown)}: expected ${expected}`,
  );
}
