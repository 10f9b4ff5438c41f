import { pino } from "pino";
import type { LineFormat } from "../formats/format.js";
import type { Entry } from "./queue.js";

/** What a line's own members are called. */
export type LineKeys = Pick<LineFormat, "messageKey" | "timeKey" | "nestedKey" | "base" | "level">;

type Members = Record<string, unknown>;

// pino's tens to OpenTelemetry's severities: trace 1, debug 5, info 9, warn 13, error 17, fatal 21.
const SEVERITY_STEP = 4;
const MAX_SEVERITY = 21;
const TRACE_KEYS = ["trace_id", "trace.id", "logging.googleapis.com/trace"];
const SPAN_KEYS = ["span_id", "span.id", "logging.googleapis.com/spanId"];
const FLAG_KEYS = ["trace_flags", "logging.googleapis.com/trace_sampled"];

/** Makes the writer of one log record out of a rendered line; what is no JSON becomes its body. */
export function createRecordWriter(keys: LineKeys): (entry: Entry) => object {
  const said = [keys.timeKey, ...Object.keys(keys.base), ...Object.keys(keys.level("info")), ...FLAG_KEYS];

  return ({ line, level, timeMs, flags }) => {
    const members = parse(line, keys.messageKey);
    const body = pull(members, [keys.messageKey]);
    const trace = pull(members, TRACE_KEYS);
    const span = pull(members, SPAN_KEYS);
    pull(members, said);
    const time = `${timeMs}000000`;
    return {
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: severityOf(level),
      severityText: (pino.levels.labels[level] ?? String(level)).toUpperCase(),
      ...(body === undefined ? {} : { body: anyValue(body) }),
      attributes: attributesOf(unnested(members, keys.nestedKey)),
      ...(isHex(trace, 32) ? { traceId: lastPart(trace) } : {}),
      ...(isHex(span, 16) ? { spanId: span } : {}),
      ...(flags === undefined ? {} : { flags }),
    };
  };
}

/** Members as OTLP's attributes. */
export function attributesOf(members: Members): object[] {
  return Object.entries(members).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function parse(line: string, messageKey: string): Members {
  try {
    return JSON.parse(line) as Members;
  } catch {
    return { [messageKey]: line };
  }
}

/** Removes members; answers the first of them that was there. */
function pull(members: Members, names: readonly string[]): unknown {
  const found = names.map((name) => members[name]).find((value) => value !== undefined);
  for (const name of names) delete members[name];
  return found;
}

function unnested(members: Members, nestedKey: string | undefined): Members {
  const { [nestedKey ?? ""]: nested, ...rest } = members;
  return typeof nested === "object" && nested !== null ? { ...rest, ...nested } : members;
}

function severityOf(level: number): number {
  return Math.max(1, Math.min(MAX_SEVERITY, (Math.floor(level / 10) - 1) * SEVERITY_STEP + 1));
}

// Google's trace is `projects/<name>/traces/<id>`.
function lastPart(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}

function isHex(value: unknown, length: number): value is string {
  return typeof value === "string" && new RegExp(`^[0-9a-f]{${length}}$`).test(lastPart(value));
}

function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === "object" && value !== null)
    return { kvlistValue: { values: attributesOf(value as Members) } };
  return {};
}
