import type { NativeHistogram } from "../columns/native-histograms.js";
import type { NativeSide } from "../columns/native-spans.js";
import { HISTOGRAM, SPAN } from "./fields.js";
import type { ProtobufWriter } from "./writer.js";

/** Writes the exponential buckets of a histogram, beside its classic ones; Prometheus takes one kind or the other. */
export function writeNative(writer: ProtobufWriter, native: NativeHistogram): void {
  writer.zigzag(HISTOGRAM.schema, native.schema);
  writer.double(HISTOGRAM.zeroThreshold, native.zeroThreshold);
  writer.varint(HISTOGRAM.zeroCount, native.zeroCount);
  writeSide(writer, native.negative, { span: HISTOGRAM.negativeSpan, delta: HISTOGRAM.negativeDelta });
  writeSide(writer, native.positive, { span: HISTOGRAM.positiveSpan, delta: HISTOGRAM.positiveDelta });
}

interface SideFields {
  readonly span: number;
  readonly delta: number;
}

function writeSide(writer: ProtobufWriter, { spans, deltas }: NativeSide, fields: SideFields): void {
  for (const { offset, length } of spans) {
    const start = writer.open(fields.span);
    writer.zigzag(SPAN.offset, offset);
    writer.varint(SPAN.length, length);
    writer.close(start);
  }
  for (const delta of deltas) writer.zigzag(fields.delta, delta);
}
