import { errorDetails, isDescribedError, stackText } from "./error-text.js";
import { type Fields, type FormatParts, type LineFormat, whoAs } from "./format.js";
import { addFree } from "./free-name.js";
import { writeJsonIds } from "./json.js";

// logback's numbers, which dashboards of Java services sort by.
const VALUES: Readonly<Record<string, number>> = {
  trace: 5000,
  debug: 10_000,
  info: 20_000,
  warn: 30_000,
  error: 40_000,
  fatal: 50_000,
};
const LINE = ["@timestamp", "@version", "@metadata", "level", "level_value", "message", "logger_name"];
const IDS = ["trace_id", "span_id", "request_id"];

/** logstash-logback-encoder's layout: `{"level":"INFO","level_value":20000,"@timestamp":…,"@version":"1",…}`. */
export function logstashFormat(parts: FormatParts): LineFormat {
  const base = { "@version": "1", ...whoAs(parts, ["service", "version", "environment"]) };
  const reserved = new Set([...LINE, ...IDS, ...Object.keys(base)]);

  function arrange(fields: Fields): Fields {
    const { err, tags, ...rest } = fields;
    const target: Fields = {};
    if (isDescribedError(err)) {
      Object.assign(target, {
        stack_trace: stackText(err),
        throwable_class: err.type,
        throwable_message: err.message,
      });
      const details = errorDetails(err);
      if (details !== undefined) target["throwable_details"] = details;
    } else if (err !== undefined) target["err"] = err;
    // Logstash marks a line as broken whose tags are anything else.
    if (tags !== undefined) target[isTags(tags) ? "tags" : "tags_"] = tags;
    return addFree(target, rest, reserved);
  }

  return {
    level: (level) => ({ level: level.toUpperCase(), level_value: VALUES[level] ?? 20_000 }),
    timeKey: "@timestamp",
    messageKey: "message",
    alwaysMessage: true,
    base,
    componentKey: "logger_name",
    noComponent: parts.service,
    writeIds: writeJsonIds,
    arrange,
  };
}

function isTags(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((tag) => typeof tag === "string"));
}
