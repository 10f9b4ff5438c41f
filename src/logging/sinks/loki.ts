import { pino } from "pino";
import { createBatches } from "./batches.js";
import type { SinkMaker } from "./maker.js";
import type { LokiSinkOptions } from "./options.js";
import type { Entry } from "./queue.js";
import { integer, required, texts, url } from "./rules.js";

const PATH = "/loki/api/v1/push";
const TIMEOUT_MS = 5000;

/**
 * Grafana Loki, by its push API: a stream for each level, with the labels given and `service_name`.
 *
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
 */
export const loki: SinkMaker = {
  to: "loki",
  main: "url",
  keys: { url: required(url), labels: texts, headers: texts, timeoutMs: integer(1) },
  open(options: LokiSinkOptions, { lose, apart, sender }) {
    const { labels = {}, headers = {}, timeoutMs = TIMEOUT_MS } = options;
    const target = new URL(options.url);
    if (target.pathname === "/") target.pathname = PATH;
    const encode = createLokiEncoder({ service_name: sender.service, ...labels });
    return createBatches({ url: target, headers, timeoutMs, lose, apart, encode });
  },
};

/** Makes the writer of push requests. Times are in nanoseconds and rise within a millisecond: Loki drops what is alike. */
function createLokiEncoder(labels: Readonly<Record<string, string>>): (entries: readonly Entry[]) => string {
  let lastMs = 0;
  let inMs = 0;

  function timeOf({ timeMs }: Entry): string {
    inMs = timeMs === lastMs ? inMs + 1 : 0;
    lastMs = timeMs;
    return `${timeMs}${String(inMs).padStart(6, "0")}`;
  }

  return (entries) => {
    const streams = new Map<number, [string, string][]>();
    for (const entry of entries) {
      const values = streams.get(entry.level) ?? [];
      streams.set(entry.level, values);
      values.push([timeOf(entry), entry.line]);
    }
    return JSON.stringify({
      streams: Array.from(streams, ([level, values]) => ({
        stream: { ...labels, level: pino.levels.labels[level] ?? String(level) },
        values,
      })),
    });
  };
}
