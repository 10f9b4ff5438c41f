import type { ExpositionFormat } from "../../types.js";
import type { Format } from "./format.js";
import { createOpenMetricsFormat } from "./open-metrics.js";
import { createProtobufFormat } from "./protobuf.js";
import { createTextFormat, type TextParts } from "./text.js";

/** Makes every format of one registry. */
export function createFormats(parts: TextParts): Readonly<Record<ExpositionFormat, Format>> {
  return {
    text: createTextFormat(parts),
    openmetrics: createOpenMetricsFormat(parts),
    protobuf: createProtobufFormat(parts.texts),
  };
}
