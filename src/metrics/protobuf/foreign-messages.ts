import type { ForeignExemplar, ForeignSample } from "../exposition/foreign.js";
import { groupLines, type LineGroup } from "../families/line-groups.js";
import { BUCKET, FAMILY, HISTOGRAM, METRIC, QUANTILE, SIMPLE, SUMMARY } from "./fields.js";
import { type Described, FamilyMessages, writeExemplar, writeLabels } from "./messages.js";
import type { ProtobufWriter } from "./writer.js";

/** Writes one Metric message of a metric that is not ours. */
type WriteSeries = (writer: ProtobufWriter) => void;

/** A metric that is not ours as MetricFamily messages; see {@link familyMessages}. */
export function* foreignMessages(metric: Described, samples: readonly ForeignSample[]): Iterable<Buffer> {
  const messages = new FamilyMessages(metric);
  const { writer } = messages;
  for (const write of seriesOf(metric.type, samples)) {
    messages.begin();
    const series = writer.open(FAMILY.metric);
    write(writer);
    writer.close(series);
    if (messages.isFull) yield messages.take();
  }
  if (!messages.isEmpty) yield messages.take();
}

function seriesOf(type: unknown, samples: readonly ForeignSample[]): WriteSeries[] {
  if (type === "histogram") return groupLines(samples, "le").map(histogramOf);
  if (type === "summary") return groupLines(samples, "quantile").map(summaryOf);
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

function histogramOf({ labels, parts, sum, count }: LineGroup<ForeignSample>): WriteSeries {
  return (writer) => {
    writeLabels(writer, Object.keys(labels), Object.values(labels));
    const start = writer.open(METRIC.histogram);
    writer.varint(HISTOGRAM.count, wholeOf(count));
    writer.double(HISTOGRAM.sum, sum);
    for (const { at, line } of parts) {
      const bucket = writer.open(HISTOGRAM.bucket);
      writer.varint(BUCKET.cumulativeCount, wholeOf(line.value));
      writer.double(BUCKET.upperBound, at);
      writeForeignExemplar(writer, BUCKET.exemplar, line.exemplar);
      writer.close(bucket);
    }
    writer.close(start);
  };
}

function summaryOf({ labels, parts, sum, count }: LineGroup<ForeignSample>): WriteSeries {
  return (writer) => {
    writeLabels(writer, Object.keys(labels), Object.values(labels));
    const start = writer.open(METRIC.summary);
    writer.varint(SUMMARY.count, wholeOf(count));
    writer.double(SUMMARY.sum, sum);
    for (const { at, line } of parts) {
      const quantile = writer.open(SUMMARY.quantile);
      writer.double(QUANTILE.quantile, at);
      writer.double(QUANTILE.value, line.value);
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
