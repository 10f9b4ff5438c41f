import type { SeriesFamily } from "../families/series.js";
import { ProtobufWriter } from "../protobuf/writer.js";
import type { LabelPair } from "./labels.js";
import type { LineName } from "./lines.js";

/** When samples are, and which of them have a 0 before them. */
export interface SampleTime {
  /** Unix time, milliseconds. */
  readonly timeMs: number;
  /** True for a line that the receiver has not had yet, and that counts up from 0. */
  isFirst(name: LineName): boolean;
}

const NAME_LABEL = "__name__";
// The one NaN that Prometheus takes for "this series has ended".
const STALE = 0x7ff0000000000002n;
const METRIC_TYPES = { untyped: 0, counter: 1, gauge: 2, histogram: 3, summary: 5 } as const;

/** Field numbers of prompb/remote.proto and prompb/types.proto. */
const FIELD = {
  request: { timeseries: 1, metadata: 3 },
  series: { labels: 1, samples: 2 },
  label: { name: 1, value: 2 },
  sample: { value: 1, timestamp: 2 },
  metadata: { type: 1, name: 2, help: 4, unit: 5 },
} as const;

/** Labels that were encoded: those before the name, those between it and the line's own label, those after. */
type Encoded = readonly [beforeName: Buffer, beforeLabel: Buffer, after: Buffer];

/** A `prometheus.WriteRequest` that is being written. */
export class WriteRequest {
  /** Samples so far. */
  samples = 0;
  readonly #writer: ProtobufWriter = new ProtobufWriter();
  readonly #scratch: ProtobufWriter = new ProtobufWriter();

  /** The message. */
  take(): Buffer {
    return this.#writer.take();
  }

  /** Adds type and help of a metric. */
  describe({ name, help, type, unit }: SeriesFamily): void {
    const start = this.#writer.open(FIELD.request.metadata);
    this.#writer.varint(FIELD.metadata.type, METRIC_TYPES[type]);
    this.#writer.text(FIELD.metadata.name, name);
    this.#writer.text(FIELD.metadata.help, help);
    if (unit !== undefined) this.#writer.text(FIELD.metadata.unit, unit);
    this.#writer.close(start);
  }

  /** Adds a series, which is a time series a line. The labels are sorted. */
  add(
    labels: readonly LabelPair[],
    names: readonly LineName[],
    { values, timeMs, isFirst }: SampleTime & { readonly values: readonly number[] },
  ): void {
    const encoded = this.#encode(labels, names);
    for (const [i, name] of names.entries()) {
      const start = this.#open(encoded, name);
      const value = values[i] as number;
      if (value !== 0 && isFirst(name)) this.#sample(0, timeMs - 1);
      this.#sample(value, timeMs);
      this.#writer.close(start);
    }
  }

  /** Adds the marks that a series has ended. */
  addStale(labels: readonly LabelPair[], names: readonly LineName[], timeMs: number): void {
    const encoded = this.#encode(labels, names);
    for (const name of names) {
      const start = this.#open(encoded, name);
      this.#sample(STALE, timeMs);
      this.#writer.close(start);
    }
  }

  #open([beforeName, beforeLabel, after]: Encoded, { name, label }: LineName): number {
    const start = this.#writer.open(FIELD.request.timeseries);
    this.#writer.raw(beforeName);
    putLabel(this.#writer, NAME_LABEL, name);
    this.#writer.raw(beforeLabel);
    if (label !== undefined) putLabel(this.#writer, ...label);
    this.#writer.raw(after);
    return start;
  }

  #sample(value: number | bigint, timeMs: number): void {
    const start = this.#writer.open(FIELD.series.samples);
    if (typeof value === "number") this.#writer.double(FIELD.sample.value, value);
    else this.#writer.fixed64(FIELD.sample.value, value);
    this.#writer.varint(FIELD.sample.timestamp, timeMs);
    this.#writer.close(start);
    this.samples++;
  }

  // The lines of a series differ in name and one label only, which is always the same one: `le` or `quantile`.
  #encode(labels: readonly LabelPair[], names: readonly LineName[]): Encoded {
    const own = names[0]?.label?.[0] ?? NAME_LABEL;
    return [
      this.#bytesOf(labels.filter(([name]) => name < NAME_LABEL)),
      this.#bytesOf(labels.filter(([name]) => name > NAME_LABEL && name < own)),
      this.#bytesOf(labels.filter(([name]) => name > own)),
    ];
  }

  #bytesOf(labels: readonly LabelPair[]): Buffer {
    for (const [name, value] of labels) putLabel(this.#scratch, name, value);
    return this.#scratch.take();
  }
}

function putLabel(writer: ProtobufWriter, name: string, value: string): void {
  const start = writer.open(FIELD.series.labels);
  writer.text(FIELD.label.name, name);
  writer.text(FIELD.label.value, value);
  writer.close(start);
}
