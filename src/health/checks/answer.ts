import type { DataValue, HealthWord } from "../types.js";

/** What a check says of itself, apart from its status. */
export type CheckData = Readonly<Record<string, DataValue>>;

/** What one run of a check came to. */
export interface Outcome {
  readonly status: HealthWord;
  readonly data: CheckData;
  /** Set when the run failed. */
  readonly reason?: "failed" | "timeout";
  /** What was thrown. */
  readonly error?: unknown;
  /** Keys that were left out of `data`. */
  readonly dropped?: readonly string[];
}

const WORDS: readonly unknown[] = ["healthy", "degraded", "unhealthy"] satisfies HealthWord[];
const RESERVED: readonly string[] = ["status", "reason", "error", "meta"];
const MAX_KEYS = 32;
const MAX_CHARS = 256;

/** Reads the answer of a check, whatever it is; never throws. */
export function readAnswer(answer: unknown): Outcome {
  try {
    return isPlain(answer) ? readObject(answer) : verdict(answer !== false);
  } catch (error) {
    return failure("failed", error);
  }
}

/** The outcome of a run that gave no answer. */
export function failure(reason: "failed" | "timeout", error: unknown): Outcome {
  return { status: "unhealthy", data: {}, reason, error };
}

function verdict(healthy: boolean): Outcome {
  return healthy ? { status: "healthy", data: {} } : { status: "unhealthy", data: {}, reason: "failed" };
}

// The results of drivers (rows, replies, responses) are instances of classes: they pass for healthy and show nothing.
function isPlain(answer: unknown): answer is Record<string, unknown> {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return false;
  const prototype: unknown = Object.getPrototypeOf(answer);
  return prototype === Object.prototype || prototype === null;
}

function readObject(answer: Record<string, unknown>): Outcome {
  const { status = "healthy", error } = answer;
  const entries = Object.entries(answer).filter(([key]) => key !== "status");
  const kept = entries.filter(([key, value]) => !RESERVED.includes(key) && isData(value)).slice(0, MAX_KEYS);
  const keys = new Set(kept.map(([key]) => key));
  const dropped = entries.map(([key]) => key).filter((key) => !keys.has(key));
  const base = { data: Object.fromEntries(kept.map(shorten)), ...(dropped.length === 0 ? {} : { dropped }) };
  // An HTTP client's plain response has a number there, which is not ours to read.
  if (typeof status !== "string") return { status: "healthy", ...base };
  if (!WORDS.includes(status))
    return { ...base, status: "unhealthy", reason: "failed", error: error ?? `its status is "${status}"` };
  if (status === "unhealthy")
    return { ...base, status, reason: "failed", ...(error === undefined ? {} : { error }) };
  return { ...base, status: status as HealthWord };
}

function isData(value: unknown): value is DataValue {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

function shorten([key, value]: [string, unknown]): [string, DataValue] {
  const short = typeof value === "string" && value.length > MAX_CHARS ? value.slice(0, MAX_CHARS) : value;
  return [key.slice(0, MAX_CHARS), short as DataValue];
}
