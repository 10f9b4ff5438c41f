import { type FormatParts, type LineFormat, type LineIds, whoAs } from "./format.js";

function writeIds({ traceId, spanId, traceFlags, requestId }: LineIds): string {
  const flags = traceFlags < 16 ? `0${traceFlags.toString(16)}` : traceFlags.toString(16);
  const traced =
    traceId === "" ? "" : `,"trace_id":"${traceId}","span_id":"${spanId}","trace_flags":"${flags}"`;
  return requestId === "" ? traced : `${traced},"request_id":${JSON.stringify(requestId)}`;
}

/**
 * `{"level":"INFO","timestamp":…,"trace_id":…,"service":…,"component":…,"fields":{…},"message":…}`. Fields are by
 * themselves, so none can be taken for a part of the line; the component of a logger without one is the service.
 */
export function documentFormat(parts: FormatParts): LineFormat {
  return {
    level: (level) => ({ level: level.toUpperCase() }),
    timeKey: "timestamp",
    messageKey: "message",
    alwaysMessage: true,
    nestedKey: "fields",
    base: whoAs(parts, ["service", "version", "environment"]),
    componentKey: "component",
    noComponent: parts.service,
    writeIds,
    arrange: (fields) => fields,
  };
}
