import {
  type Attributes,
  type Context,
  defaultTextMapSetter,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import { boundedValues } from "../../../bounded.js";
import type { DomainKit } from "../../../collector.js";
import type { RunningOperation } from "../../../operation.js";
import { contexts, isTracingSuppressed } from "../../../tracing/context.js";
import { methodLabeller } from "../labels/method.js";
import type { HttpSettings } from "../settings.js";
import { errorClass } from "./error-class.js";

/** A request that a client library is about to send. */
export interface OutgoingRequest {
  readonly method: string;
  /** Host, with the port where it is not the default. */
  readonly host: string;
  readonly path: string;
  readonly scheme: string;
}

/** How it ended. */
export interface OutgoingEnd {
  /** Undefined when no response came. */
  readonly status?: number | undefined;
  /** Undefined for success; null where this process gave up and left no error. */
  readonly error?: unknown;
}

/** One outgoing request that runs. */
export interface OutgoingCall {
  /** Headers to add so that the callee continues the trace; undefined where none are to be sent. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  end(end: OutgoingEnd): void;
  /** Gives it up without a count: nobody will hear how it ends. */
  drop(): void;
}

/** The client side of the HTTP vocabulary. */
export interface HttpClient {
  /** Begins a call in the caller's context; undefined for telltale's own export traffic. */
  begin(request: OutgoingRequest): OutgoingCall | undefined;
}

/** Stands for a host outside the allow-list. */
const OTHER_HOST = "__other__";

/** Makes the client side. */
export function createHttpClient(kit: DomainKit, settings: HttpSettings): HttpClient {
  const methodOf = methodLabeller(settings.methods);
  const hostOf = hostLabeller(settings.outgoing);
  const propagates = settings.outgoing.propagateTo;
  const operation = kit.operation({
    total: {
      name: "http_client_requests_total",
      help: "Outgoing requests that ended, by host and status (empty: no response).",
    },
    duration: {
      name: "http_client_request_duration_seconds",
      help: "Time from an outgoing request to the end of its response body.",
      buckets: settings.buckets,
    },
    inFlight: {
      name: "http_client_requests_in_flight",
      help: "Outgoing requests whose response has not ended.",
    },
    errors: {
      name: "http_client_errors_total",
      help: "Outgoing requests that failed without a whole response, by class.",
    },
    startLabels: ["method", "host"],
    endLabels: ["status"],
    spanKind: SpanKind.CLIENT,
  });

  function headersFor(host: string, context: Context): Record<string, string> | undefined {
    if (propagates.length > 0 && !propagates.includes(host)) return undefined;
    const headers: Record<string, string> = {};
    kit.propagation.inject(context, headers, defaultTextMapSetter);
    return headers;
  }

  function begin(request: OutgoingRequest): OutgoingCall | undefined {
    const parent = contexts.active();
    if (isTracingSuppressed(parent)) return undefined;
    const method = methodOf(request.method);
    const running = operation.start({ labels: [method, hostOf(request.host)], spanName: method, parent });
    return {
      headers: headersFor(request.host, running.context),
      end: (end) => finish(running, request, end),
      drop: running.drop,
    };
  }

  return { begin };
}

function finish(running: RunningOperation, request: OutgoingRequest, { status, error }: OutgoingEnd): void {
  const failed = error === undefined ? undefined : error === null ? "aborted" : errorClass(error);
  if (isRefusal(status)) running.span.setStatus({ code: SpanStatusCode.ERROR });
  running.end({
    labels: [status === undefined ? "" : String(status)],
    error: failed,
    cause: error,
    attributes: () => attributesOf(request, status),
  });
}

// OpenTelemetry HTTP client conventions (stable); the query is left out, it may hold secrets.
function attributesOf(
  { method, host, path, scheme }: OutgoingRequest,
  status: number | undefined,
): Attributes {
  const colon = host.lastIndexOf(":");
  const port = colon > host.lastIndexOf("]") ? Number(host.slice(colon + 1)) : undefined;
  return {
    "http.request.method": method,
    "server.address": port === undefined ? host : host.slice(0, colon),
    "server.port": port ?? (scheme === "https" ? 443 : 80),
    "url.full": `${path.startsWith("/") ? `${scheme}://${host}` : ""}${path.split("?", 1)[0]}`,
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    ...(isRefusal(status) ? { "error.type": String(status) } : {}),
  };
}

// By the same conventions a 4xx is the caller's failure, though it is not the callee's.
function isRefusal(status: number | undefined): status is number {
  return status !== undefined && status >= 400;
}

function hostLabeller(settings: HttpSettings["outgoing"]): (host: string) => string {
  if (settings.hosts.length === 0) return boundedValues(settings.maxHosts);
  const known = new Set(settings.hosts);
  return (host) => (known.has(host) ? host : OTHER_HOST);
}
