import { type ProtobufField, readFields } from "../protobuf/reader.js";
import type { PushAnswer, Verdict } from "./types.js";
import { judgeStatus, oneLine } from "./verdict.js";

const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Fields of ExportMetricsServiceResponse and ExportMetricsPartialSuccess. */
const FIELD = { partialSuccess: 1, rejectedPoints: 1, message: 2 } as const;

/**
 * What the answer to an OTLP export means. A 200 may tell of data points that were not taken, and one that is no OTLP
 * answer comes from something that is no receiver.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function judgeOtlp(answer: PushAnswer): Verdict {
  const verdict = judgeStatus(answer, (status) => RETRYABLE.has(status));
  if (verdict.kind !== "accepted" || answer.body.length === 0 || isJson(answer)) return verdict;
  const fields = readFields(answer.body);
  if (fields === undefined) {
    const reason = `it answered ${answer.status} with what is no OTLP: ${oneLine(answer.body.toString())}`;
    return { kind: "rejected", reason, next: false };
  }
  return partialOf(fields) ?? verdict;
}

// A receiver that answers in JSON whatever it was asked in took the request all the same.
function isJson({ headers }: PushAnswer): boolean {
  return String(headers["content-type"] ?? "").includes("json");
}

function partialOf(fields: readonly ProtobufField[]): Verdict | undefined {
  const partial = fields.find(({ field }) => field === FIELD.partialSuccess)?.value;
  if (!Buffer.isBuffer(partial)) return undefined;
  const inner = readFields(partial) ?? [];
  const rejected = inner.find(({ field }) => field === FIELD.rejectedPoints)?.value;
  const text = inner.find(({ field }) => field === FIELD.message)?.value;
  // Without a rejected point it is a warning for people, and nothing was lost.
  if (typeof rejected !== "number" || rejected === 0) return undefined;
  const why = Buffer.isBuffer(text) ? `: ${oneLine(text.toString())}` : "";
  return { kind: "partial", reason: `it rejected ${rejected} data points${why}` };
}
