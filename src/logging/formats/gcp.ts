import { errorDetails, isDescribedError, stackText } from "./error-text.js";
import type { Fields, FormatParts, LineFormat, LineIds } from "./format.js";
import { addFree } from "./free-name.js";

const TRACE = "logging.googleapis.com/trace";
const SPAN = "logging.googleapis.com/spanId";
const SAMPLED = "logging.googleapis.com/trace_sampled";
const REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent";
const ERROR = 50;
const SEVERITIES: Readonly<Record<string, string>> = {
  trace: "DEBUG",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};
// What Cloud Logging and its agents take out of a line and read as their own.
const RESERVED = [
  "severity",
  "message",
  "time",
  "timestamp",
  "timestampSeconds",
  "timestampNanos",
  "httpRequest",
  "serviceContext",
  "context",
  "@type",
  "stack_trace",
  "exception",
  TRACE,
  SPAN,
  SAMPLED,
  "logging.googleapis.com/labels",
  "logging.googleapis.com/operation",
  "logging.googleapis.com/sourceLocation",
  "logging.googleapis.com/insertId",
  "request_id",
  "environment",
];

/** The structured line that Google Cloud Logging reads: `{"severity":"INFO","time":…,"message":…}`. */
export function gcpFormat(parts: FormatParts): LineFormat {
  const { service, version, environment, gcpProject } = parts;
  const path = gcpProject === undefined ? "" : `projects/${gcpProject}/traces/`;
  const reserved = new Set(RESERVED);

  function writeIds({ traceId, spanId, traceFlags, requestId }: LineIds): string {
    const trace = JSON.stringify(path + traceId);
    const sampled = (traceFlags & 1) === 1;
    const traced = traceId === "" ? "" : `,"${TRACE}":${trace},"${SPAN}":"${spanId}","${SAMPLED}":${sampled}`;
    return requestId === "" ? traced : `${traced},"request_id":${JSON.stringify(requestId)}`;
  }

  function arrange(fields: Fields, level: number, hasComponent: boolean): Fields {
    const { err, ...rest } = fields;
    const target: Fields = {};
    if (rest["event"] === "http_request") target["httpRequest"] = takeRequest(rest);
    if (isDescribedError(err)) addError(target, err, level);
    else if (err !== undefined) target["err"] = err;
    if (hasComponent && "component" in rest) {
      target["component_"] = rest["component"];
      delete rest["component"];
    }
    return addFree(target, rest, reserved);
  }

  return {
    level: (level) => ({ severity: SEVERITIES[level] ?? "DEFAULT" }),
    timeKey: "time",
    messageKey: "message",
    alwaysMessage: true,
    base: {
      serviceContext: { service, ...(version === undefined ? {} : { version }) },
      ...(environment === undefined ? {} : { environment }),
    },
    componentKey: "component",
    writeIds,
    arrange,
  };
}

/** Error Reporting groups lines by their stack; the type makes one of a line that says no more than a message. */
function addError(target: Fields, error: Parameters<typeof stackText>[0], level: number): void {
  if (level >= ERROR) target["@type"] = REPORTED;
  target["stack_trace"] = stackText(error);
  target["error"] = { type: error.type, message: error.message, ...errorDetails(error) };
}

/** The access line as a LogEntry's HttpRequest: sizes are texts there, for they are 64-bit numbers. */
function takeRequest(fields: Fields): Fields {
  const request: Fields = {};
  const move = (from: string, to: string, change: (value: unknown) => unknown): void => {
    if (fields[from] === undefined || fields[from] === null) return;
    request[to] = change(fields[from]);
    delete fields[from];
  };
  const same = (value: unknown): unknown => value;
  move("method", "requestMethod", same);
  move("path", "requestUrl", same);
  move("request_bytes", "requestSize", String);
  move("status", "status", same);
  move("response_bytes", "responseSize", String);
  move("user_agent", "userAgent", same);
  move("client_ip", "remoteIp", same);
  if (typeof fields["duration_seconds"] === "number")
    move("duration_seconds", "latency", (seconds) => `${(seconds as number).toFixed(6)}s`);
  return request;
}
