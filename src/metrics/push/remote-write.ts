import type { Series, SeriesFamily, SeriesLabels } from "../families/series.js";
import { type LabelPair, mergeLabels } from "./labels.js";
import { createLedger, type Entry, type Ledger } from "./ledger.js";
import { type LineName, lineNames, lineValues, progressOf } from "./lines.js";
import { compress } from "./snappy.js";
import type { PushJob, PushProtocol, PushRequest, PushSettings } from "./types.js";
import { judgeStatus } from "./verdict.js";
import { type SampleTime, WriteRequest } from "./write-request.js";

const HEADERS = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

/** What is put into one request, and who is to know when it was taken. */
interface Chunk {
  readonly message: WriteRequest;
  readonly entries: Entry[];
  readonly forget: (() => void)[];
}

/**
 * Prometheus remote write 1.0. A counter or histogram of ours that is new to the receiver comes with a 0 a millisecond before,
 * so that `increase()` sees its first step; a series that has gone is marked stale.
 *
 * @see https://prometheus.io/docs/specs/remote_write_spec
 */
export function createRemoteWrite(settings: PushSettings, startMs: number): PushProtocol {
  const sender: SeriesLabels = {
    job: settings.job,
    ...(settings.instance === undefined ? {} : { instance: settings.instance }),
  };
  const ledger = createLedger(startMs);

  return {
    requests: (job) => writeRequests({ settings, sender, ledger }, job),
    *farewell(timeMs) {
      if (settings.staleOnClose) yield* staleRequests({ settings, ledger }, timeMs);
    },
    deletion: () => undefined,
    judge: (answer) => judgeStatus(answer, (status) => status === 429 || status >= 500),
  };
}

interface Writing {
  readonly settings: PushSettings;
  readonly sender: SeriesLabels;
  readonly ledger: Ledger;
}

async function* writeRequests(writing: Writing, job: PushJob): AsyncGenerator<PushRequest> {
  const { settings, ledger } = writing;
  const { timeMs } = job;
  ledger.begin(timeMs);
  let chunk = newChunk();
  let described: string | undefined;
  for await (const { family, series, isOwn, isUnread } of job.batches) {
    if (isUnread === true) ledger.keep(family.name);
    const names = sharedNames(family);
    for (const one of series) {
      if (chunk.message.samples >= settings.maxSamplesPerRequest) {
        yield finish(chunk, writing);
        chunk = newChunk();
      }
      if (described !== family.name) chunk.message.describe(family);
      described = family.name;
      addSeries(chunk, { ...writing, family, isOwn, names: names(one), timeMs }, one);
    }
  }
  for (const request of staleRequests(writing, timeMs, chunk)) yield request;
}

function addSeries(
  { message, entries }: Chunk,
  line: Writing & { family: SeriesFamily; isOwn: boolean; names: readonly LineName[]; timeMs: number },
  series: Series,
): void {
  const { family, names, timeMs } = line;
  const labels = mergeLabels(series.labels, line.sender);
  const progress = progressOf(family, series);
  const entry = line.ledger.note({ family: family.name, labels, lines: names, progress });
  entries.push(entry);
  const countsUp = line.isOwn && progress !== undefined;
  const time: SampleTime = {
    timeMs,
    isFirst: ({ label }) => entry.isNew && countsUp && label?.[0] !== "quantile",
  };
  message.add(labels, names, { values: lineValues(series), ...time });
}

// With a chunk, the series that are not in the push it belongs to; without, all.
function* staleRequests(
  { settings, ledger }: Pick<Writing, "settings" | "ledger">,
  timeMs: number,
  begun?: Chunk,
): Generator<PushRequest> {
  let chunk = begun ?? newChunk();
  for (const { labels, lines, forget } of ledger.departed(begun === undefined)) {
    if (chunk.message.samples >= settings.maxSamplesPerRequest) {
      yield finish(chunk, { settings, ledger });
      chunk = newChunk();
    }
    chunk.message.addStale(labels as LabelPair[], lines, timeMs);
    chunk.forget.push(forget);
  }
  if (chunk.message.samples > 0) yield finish(chunk, { settings, ledger });
}

function newChunk(): Chunk {
  return { message: new WriteRequest(), entries: [], forget: [] };
}

function finish(
  { message, entries, forget }: Chunk,
  { settings, ledger }: Pick<Writing, "settings" | "ledger">,
): PushRequest {
  return {
    method: "POST",
    url: settings.url,
    headers: HEADERS,
    body: compress(message.take()),
    series: entries.length,
    onAccepted() {
      ledger.confirm(entries);
      for (const one of forget) one();
    },
  };
}

// The names of a family's lines are the same array for series after series.
function sharedNames(family: SeriesFamily): (series: Series) => readonly LineName[] {
  let names: readonly LineName[] | undefined;
  let bounds: readonly number[] | undefined;
  return (series) => {
    const own = series.kind === "histogram" ? series.bounds : undefined;
    if (names === undefined || own !== bounds || series.kind === "summary") names = lineNames(family, series);
    bounds = own;
    return names;
  };
}
