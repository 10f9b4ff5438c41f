import { ecsEvent } from "./ecs-event.js";
import { errorDetails, isDescribedError, stackText } from "./error-text.js";
import { type Fields, type FormatParts, type LineFormat, type LineIds, whoAs } from "./format.js";
import { addFree, freeName } from "./free-name.js";

const ECS_VERSION = "8.10.0";
const LINE = ["@timestamp", "log.level", "log.logger", "message", "trace.id", "span.id", "http.request.id"];
// Field sets of ECS: an index takes objects under these names, and refuses a line that has anything else there.
const SETS = new Set(
  (
    "agent client cloud container data_stream destination device dll dns ecs email error event faas file geo group hash " +
    "host http interface labels log network observer orchestrator organization os package process registry related rule " +
    "server service source span threat tls trace transaction url user user_agent vlan volume vulnerability x509"
  ).split(" "),
);

function writeIds({ traceId, spanId, requestId }: LineIds): string {
  const traced = traceId === "" ? "" : `,"trace.id":"${traceId}","span.id":"${spanId}"`;
  return requestId === "" ? traced : `${traced},"http.request.id":${JSON.stringify(requestId)}`;
}

/**
 * Elastic Common Schema, with the keys of `@elastic/ecs-pino-format`: `{"log.level":"info","@timestamp":…,"message":…}`.
 * Fields of the caller's stay as they are where ECS has room for them, and get a `_` where it has not.
 */
export function ecsFormat(parts: FormatParts): LineFormat {
  const base = {
    "ecs.version": ECS_VERSION,
    ...whoAs(parts, ["service.name", "service.version", "service.environment"]),
    "event.dataset": parts.service,
  };
  const reserved = new Set([...LINE, ...Object.keys(base)]);

  function arrange(fields: Fields): Fields {
    const { target, rest } = ecsEvent(fields);
    const { err, ...others } = rest;
    if (isDescribedError(err)) target["error"] = ecsError(err);
    else if (err !== undefined) target["err"] = err;
    for (const name in others) {
      if (!SETS.has(name) || isObject(others[name])) continue;
      others[freeName(`${name}_`, others)] = others[name];
      delete others[name];
    }
    return addFree(target, others, reserved);
  }

  return {
    level: (level) => ({ "log.level": level }),
    timeKey: "@timestamp",
    messageKey: "message",
    alwaysMessage: true,
    base,
    componentKey: "log.logger",
    writeIds,
    arrange,
  };
}

function ecsError(error: Parameters<typeof stackText>[0]): Fields {
  const { code, ...details } = errorDetails(error) ?? {};
  return {
    type: error.type,
    message: error.message,
    stack_trace: stackText(error),
    // A keyword in ECS, while Node's own are numbers now and then.
    ...(code === undefined ? {} : { code: typeof code === "object" ? JSON.stringify(code) : String(code) }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
