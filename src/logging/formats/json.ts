import { type Fields, type FormatParts, type LineFormat, type LineIds, whoAs } from "./format.js";
import { rename } from "./free-name.js";

const IDS = ["trace_id", "span_id", "request_id"];

/** `,"trace_id":"…","span_id":"…","request_id":"…"`: what there is of it. */
export function writeJsonIds({ traceId, spanId, requestId }: LineIds): string {
  const traced = traceId === "" ? "" : `,"trace_id":"${traceId}","span_id":"${spanId}"`;
  return requestId === "" ? traced : `${traced},"request_id":${JSON.stringify(requestId)}`;
}

/** telltale's own: `{"level":"info","time":…,"trace_id":…,"service":…,"component":…, fields …,"msg":…}`. */
export function jsonFormat(parts: FormatParts): LineFormat {
  const base = whoAs(parts, ["service", "version", "environment"]);
  const fixed = ["level", "time", ...Object.keys(base)];

  function arrange(fields: Fields, _level: number, hasComponent: boolean): Fields {
    for (const name of fixed) rename(fields, name);
    for (const name of IDS) if (name in fields && parts.hasIds()) rename(fields, name);
    if (hasComponent) rename(fields, "component");
    return fields;
  }

  return {
    level: (level) => ({ level }),
    timeKey: "time",
    messageKey: "msg",
    alwaysMessage: false,
    base,
    componentKey: "component",
    writeIds: writeJsonIds,
    arrange,
  };
}
