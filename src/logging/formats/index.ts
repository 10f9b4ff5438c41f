import { documentFormat } from "./document.js";
import { ecsFormat } from "./ecs.js";
import type { FormatParts, LineFormat } from "./format.js";
import { gcpFormat } from "./gcp.js";
import { jsonFormat } from "./json.js";
import { logstashFormat } from "./logstash.js";
import { prettyFormat } from "./pretty.js";

/** What a line can look like; `logging.format`. */
export type FormatName = "json" | "document" | "ecs" | "logstash" | "gcp" | "pretty";

/** The one list of formats. */
export const FORMATS: Readonly<Record<FormatName, (parts: FormatParts) => LineFormat>> = {
  json: jsonFormat,
  document: documentFormat,
  ecs: ecsFormat,
  logstash: logstashFormat,
  gcp: gcpFormat,
  pretty: prettyFormat,
};
