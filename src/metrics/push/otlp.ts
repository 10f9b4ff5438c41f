import type { SeriesLabels } from "../families/series.js";
import { createLedger } from "./ledger.js";
import { progressOf } from "./lines.js";
import { judgeOtlp } from "./otlp-answer.js";
import { ExportRequest } from "./otlp-request.js";
import { pack } from "./pack.js";
import type { PushJob, PushProtocol, PushRequest, PushSettings } from "./types.js";

const HEADERS = { "content-type": "application/x-protobuf" };

/**
 * OTLP metrics over HTTP with protobuf: counters as monotonic cumulative sums, gauges, histograms with explicit bounds,
 * summaries. Job and instance are attributes of the resource.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlp(settings: PushSettings, startMs: number): PushProtocol {
  const resource: SeriesLabels = {
    ...settings.resource,
    "service.name": settings.job,
    ...(settings.instance === undefined ? {} : { "service.instance.id": settings.instance }),
  };
  const ledger = createLedger(startMs);

  async function* requests({ batches, timeMs }: PushJob): AsyncGenerator<PushRequest> {
    ledger.begin(timeMs);
    const message = new ExportRequest(resource);
    for await (const { family, series, isUnread } of batches) {
      if (isUnread === true) ledger.keep(family.name);
      for (const one of series) {
        if (message.points >= settings.maxSamplesPerRequest) yield finish(message);
        const labels = Object.entries(one.labels).filter(([, value]) => value !== "");
        const progress = progressOf(family, one);
        const sighting = { family: family.name, labels, progress, lines: [] };
        // A gauge has no beginning.
        const from = progress === undefined ? 0 : ledger.note(sighting).startMs;
        message.add(family, one, { labels, timeMs, startMs: from });
      }
    }
    if (message.points > 0) yield finish(message);
    for (const { forget } of ledger.departed()) forget();
  }

  async function finish(message: ExportRequest): Promise<PushRequest> {
    const series = message.points;
    const body = message.take();
    return { method: "POST", url: settings.url, series, ...(await pack(body, HEADERS, settings.gzip)) };
  }

  return { requests, farewell: () => [], deletion: () => undefined, judge: judgeOtlp };
}
