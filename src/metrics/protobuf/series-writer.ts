import type { Exemplar } from "../columns/exemplars.js";
import type { Rows } from "../columns/rows.js";
import { BUCKET, FAMILY, HISTOGRAM, METRIC, SIMPLE } from "./fields.js";
import { writeExemplar, writeLabels } from "./messages.js";
import { writeNative } from "./native-fields.js";
import type { ProtobufWriter } from "./writer.js";

const NO_EXEMPLARS: ReadonlyMap<number, Exemplar> = new Map();

/** Writes the series of one family of ours, a Metric message each. */
export class SeriesWriter {
  readonly #rows: Rows;
  readonly #writer: ProtobufWriter;
  readonly #defaults: Buffer;
  readonly #bounds: readonly number[];
  readonly #zeros: Float64Array;

  /** `defaults` are labels encoded before. */
  constructor(rows: Rows, writer: ProtobufWriter, defaults: Buffer) {
    this.#rows = rows;
    this.#writer = writer;
    this.#defaults = defaults;
    this.#bounds = [...rows.definition.bounds, Number.POSITIVE_INFINITY];
    this.#zeros = new Float64Array(rows.columns.width);
  }

  /** Writes a live row as it is to be shown now. */
  write(row: number): void {
    const { columns, definition, exemplars, labels, native, showing } = this.#rows;
    const writer = this.#writer;
    const start = writer.open(FAMILY.metric);
    writeLabels(writer, labels.names, labels.textsAt(row));
    writer.raw(this.#defaults);
    const isZero = showing.beginsAtZero(row);
    const block = columns.blockOf(row);
    const cells = isZero ? this.#zeros : block;
    const at = isZero ? 0 : columns.offsetOf(row);
    const seen = isZero ? NO_EXEMPLARS : (exemplars.of(block) ?? NO_EXEMPLARS);
    if (definition.type === "histogram") {
      const histogram = writer.open(METRIC.histogram);
      this.#buckets(cells, at, seen);
      const shown = isZero ? native?.readZero() : native?.read(row);
      if (shown !== undefined) writeNative(writer, shown);
      writer.close(histogram);
    } else this.#number(cells[at] as number, seen.get(at));
    writer.close(start);
  }

  #number(value: number, exemplar: Exemplar | undefined): void {
    const writer = this.#writer;
    const start = writer.open(this.#rows.definition.type === "counter" ? METRIC.counter : METRIC.gauge);
    writer.double(SIMPLE.value, value);
    if (exemplar !== undefined) writeExemplar(writer, SIMPLE.exemplar, exemplar);
    writer.close(start);
  }

  #buckets(cells: Float64Array, at: number, exemplars: ReadonlyMap<number, Exemplar>): void {
    const writer = this.#writer;
    const bounds = this.#bounds;
    let count = 0;
    for (let i = 0; i < bounds.length; i++) {
      count += cells[at + i] as number;
      const bucket = writer.open(HISTOGRAM.bucket);
      writer.varint(BUCKET.cumulativeCount, count);
      writer.double(BUCKET.upperBound, bounds[i] as number);
      const exemplar = exemplars.get(at + i);
      if (exemplar !== undefined) writeExemplar(writer, BUCKET.exemplar, exemplar);
      writer.close(bucket);
    }
    writer.varint(HISTOGRAM.count, count);
    writer.double(HISTOGRAM.sum, cells[at + bounds.length] as number);
  }
}
