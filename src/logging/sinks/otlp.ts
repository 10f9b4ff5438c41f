import { createBatches } from "./batches.js";
import type { SinkMaker, SinkSender } from "./maker.js";
import type { OtlpSinkOptions } from "./options.js";
import { attributesOf, createRecordWriter, type LineKeys } from "./otlp-record.js";
import type { Entry } from "./queue.js";
import { integer, texts, url } from "./rules.js";

const DEFAULT_URL = "http://localhost:4318";
const PATH = "/v1/logs";
const TIMEOUT_MS = 5000;

/**
 * An OpenTelemetry collector, or whatever takes OTLP over HTTP with JSON.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export const otlp: SinkMaker = {
  to: "otlp",
  main: "url",
  keys: { url, headers: texts, resource: texts, timeoutMs: integer(1) },
  open(options: OtlpSinkOptions, { lose, apart, sender, traceFlags, keys }) {
    const { headers = {}, resource = {}, timeoutMs = TIMEOUT_MS } = options;
    const target = new URL(options.url ?? DEFAULT_URL);
    if (target.pathname === "/") target.pathname = PATH;
    const encode = createOtlpEncoder({ ...attributesFrom(sender), ...resource }, keys);
    return createBatches({ url: target, headers, timeoutMs, lose, apart, traceFlags, encode, refused });
  },
};

function attributesFrom({ service, version, environment }: SinkSender): Record<string, string> {
  return {
    "service.name": service,
    ...(version === undefined ? {} : { "service.version": version }),
    ...(environment === undefined ? {} : { "deployment.environment.name": environment }),
  };
}

/** Makes the writer of export requests. */
function createOtlpEncoder(
  attributes: Readonly<Record<string, string>>,
  keys: LineKeys,
): (entries: readonly Entry[]) => string {
  const resource = { attributes: attributesOf(attributes) };
  const write = createRecordWriter(keys);
  return (entries) =>
    JSON.stringify({
      resourceLogs: [
        {
          resource,
          scopeLogs: [{ scope: { name: "telltale" }, logRecords: entries.map(write) }],
        },
      ],
    });
}

/** Records that the receiver refused of a request that it took. */
function refused(body: string): number {
  try {
    const answer = JSON.parse(body) as { partialSuccess?: { rejectedLogRecords?: unknown } };
    const count = Number(answer.partialSuccess?.rejectedLogRecords ?? 0);
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}
