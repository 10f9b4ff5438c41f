import type { ForeignExemplar, ForeignSample } from "../exposition/foreign.js";
import { type ForeignSeries, groupSeries } from "../exposition/foreign-series.js";
import { BUCKET, FAMILY, HISTOGRAM, METRIC, QUANTILE, SIMPLE, SUMMARY } from "./fields.js";
import { beginFamily, type Described, MESSAGE_BYTES, writeExemplar, writeLabels } from "./messages.js";
import { ProtobufWriter } from "./writer.js";

/** Writes one Metric message of a metric that is not ours. */
type WriteSeries = (writer: ProtobufWriter) => void;

/** A metric that is not ours as MetricFamily messages; see {@link familyMessages}. */
export function* foreignMessages(metric: Described, samples: readonly ForeignSample[]): Iterable<Buffer> {
  const writer = new ProtobufWriter();
  let start = 0;
  for (const write of seriesOf(metric.type, samples)) {
    if (writer.length === 0) start = beginFamily(writer, metric);
    const series = writer.open(FAMILY.metric);
    write(writer);
    writer.close(series);
    if (writer.length < MESSAGE_BYTES) continue;
    writer.close(start);
    yield writer.take();
  }
  if (writer.length === 0) return;
  writer.close(start);
  yield writer.take();
}

function seriesOf(type: unknown, samples: readonly ForeignSample[]): WriteSeries[] {
  if (type === "histogram") return groupSeries(samples, "le").map(histogramOf);
  if (type === "summary") return groupSeries(samples, "quantile").map(summaryOf);
  const field = type === "counter" || type === "gauge" ? METRIC[type] : METRIC.untyped;
  return samples.map((sample) => numberOf(sample, field));
}

function numberOf({ labels, value, exemplar }: ForeignSample, field: number): WriteSeries {
  return (writer) => {
    writeLabels(writer, Object.keys(labels), Object.values(labels));
    const start = writer.open(field);
    writer.double(SIMPLE.value, value);
    if (field === METRIC.counter) writeForeignExemplar(writer, SIMPLE.exemplar, exemplar);
    writer.close(start);
  };
}

function histogramOf({ labels, parts, sum, count }: ForeignSeries): WriteSeries {
  return (writer) => {
    writeLabels(writer, Object.keys(labels), Object.values(labels));
    const start = writer.open(METRIC.histogram);
    writer.varint(HISTOGRAM.count, wholeOf(count));
    writer.double(HISTOGRAM.sum, sum);
    for (const { at, value, exemplar } of parts) {
      const bucket = writer.open(HISTOGRAM.bucket);
      writer.varint(BUCKET.cumulativeCount, wholeOf(value));
      writer.double(BUCKET.upperBound, at);
      writeForeignExemplar(writer, BUCKET.exemplar, exemplar);
      writer.close(bucket);
    }
    writer.close(start);
  };
}

function summaryOf({ labels, parts, sum, count }: ForeignSeries): WriteSeries {
  return (writer) => {
    writeLabels(writer, Object.keys(labels), Object.values(labels));
    const start = writer.open(METRIC.summary);
    writer.varint(SUMMARY.count, wholeOf(count));
    writer.double(SUMMARY.sum, sum);
    for (const { at, value } of parts) {
      const quantile = writer.open(SUMMARY.quantile);
      writer.double(QUANTILE.quantile, at);
      writer.double(QUANTILE.value, value);
      writer.close(quantile);
    }
    writer.close(start);
  };
}

function writeForeignExemplar(
  writer: ProtobufWriter,
  field: number,
  exemplar: ForeignExemplar | undefined,
): void {
  if (exemplar === undefined) return;
  const labels = Object.entries(exemplar.labelSet).flat();
  const { value, timestamp } = exemplar;
  writeExemplar(writer, field, {
    labels,
    value,
    atMs: timestamp === undefined ? undefined : wholeOf(timestamp * 1000),
  });
}

// A count of somebody else's may be anything, an average of processes for one.
function wholeOf(count: number): number {
  return count > 0 && count <= Number.MAX_SAFE_INTEGER ? Math.floor(count) : 0;
}
