import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from "@opentelemetry/api";
import type { DomainKit } from "../../../collector.js";
import { contexts } from "../../../tracing/context.js";
import type { Propagation } from "../../../tracing/propagation/index.js";
import { OTHER_METHOD } from "../labels/method.js";
import { pathOf, type RequestLike } from "../targets/shapes.js";
import type { Exchange } from "./exchange.js";
import type { Verdict } from "./outcome.js";

const HEADERS: TextMapGetter<RequestLike["headers"]> = {
  get: (headers, name) => headers[name],
  keys: (headers) => Object.keys(headers),
};

/** The context a request continues: one that is active already (another instrumentation's), else the caller's. */
export function parentOf(headers: RequestLike["headers"], { extract }: Propagation): Context {
  const active = contexts.active();
  return trace.getSpan(active) === undefined ? extract(ROOT_CONTEXT, headers, HEADERS) : active;
}

/** Starts the SERVER span. Its attributes wait for the end, when the metrics have worked them out, unless the sampler asks for some. */
export function startServerSpan(
  { tracer, samplesByAttributes }: Pick<DomainKit, "tracer" | "samplesByAttributes">,
  { req, method }: { readonly req: RequestLike; readonly method: string },
  parent: Context,
): Span {
  const options: SpanOptions = samplesByAttributes
    ? { kind: SpanKind.SERVER, attributes: { "http.request.method": method, "url.path": pathOf(req) } }
    : { kind: SpanKind.SERVER };
  return tracer.startSpan(nameOf(method, undefined), options, parent);
}

/** Ends it: `METHOD route`, the attributes of the OpenTelemetry HTTP conventions (1.x, stable), status and error. */
export function endServerSpan(span: Span, exchange: Exchange, verdict: Verdict): void {
  if (span.isRecording()) {
    const route = exchange.route();
    span.updateName(nameOf(exchange.method, route));
    span.setAttributes(attributesOf(exchange, verdict, route));
    if (verdict.outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR });
    // A stack costs 13 µs to record, and what threw below 500 is an answer, not a fault.
    if (verdict.status >= 500 && exchange.error instanceof Error) span.recordException(exchange.error);
  }
  span.end();
}

function nameOf(method: string, route: string | undefined): string {
  const verb = method === OTHER_METHOD ? "HTTP" : method;
  return route === undefined ? verb : `${verb} ${route}`;
}

function attributesOf(exchange: Exchange, verdict: Verdict, route: string | undefined): Attributes {
  const { req, method } = exchange;
  const attributes: Attributes = {
    "http.request.method": method,
    "http.response.status_code": verdict.status,
    "url.path": pathOf(req),
    "url.scheme": isEncrypted(req) ? "https" : "http",
    "network.protocol.version": req.httpVersion === "2.0" ? "2" : req.httpVersion,
  };
  if (route !== undefined) attributes["http.route"] = route;
  if (method === OTHER_METHOD) attributes["http.request.method_original"] = req.method ?? "";
  if (verdict.outcome === "aborted") attributes["error.type"] = "aborted";
  else if (verdict.outcome === "error") attributes["error.type"] = errorType(exchange.error, verdict.status);
  return attributes;
}

// An HTTP/2 request has lost its socket by now, but names its scheme; no header of HTTP/1 can begin with a colon.
function isEncrypted({ headers, socket }: RequestLike): boolean {
  return (headers[":scheme"] ?? (socket?.encrypted === true ? "https" : "http")) === "https";
}

function errorType(error: unknown, status: number): string {
  return error instanceof Error ? error.name : String(status);
}
