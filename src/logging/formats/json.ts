import type { LineIds } from "./format.js";

/** `,"trace_id":"…","span_id":"…","request_id":"…"`: what there is of it. */
export function writeJsonIds({ traceId, spanId, requestId }: LineIds): string {
  const traced = traceId === "" ? "" : `,"trace_id":"${traceId}","span_id":"${spanId}"`;
  return requestId === "" ? traced : `${traced},"request_id":${JSON.stringify(requestId)}`;
}
