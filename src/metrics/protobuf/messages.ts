import type { Exemplar } from "../columns/exemplars.js";
import { EXEMPLAR, FAMILY, LABEL, METRIC, TIMESTAMP, TYPES } from "./fields.js";
import { ProtobufWriter } from "./writer.js";

/**
 * Bytes after which a message of a large family ends: some hundred series, which take a fraction of a millisecond.
 */
const MESSAGE_BYTES = 64 * 1024;

/** An exemplar; its time may not be known. */
export interface WrittenExemplar extends Omit<Exemplar, "atMs"> {
  readonly atMs: number | undefined;
}

/** What is said of a metric before its series. */
export interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly unit?: string | undefined;
}

/** Makes the MetricFamily messages of one metric: a large one comes in several, so that each is made in a short turn. */
export class FamilyMessages {
  readonly writer: ProtobufWriter = new ProtobufWriter();
  readonly #described: Described;
  #start = 0;

  constructor(described: Described) {
    this.#described = described;
  }

  /** Comes before each series. */
  begin(): void {
    if (this.writer.length === 0) this.#start = beginFamily(this.writer, this.#described);
  }

  /** True once the message is so long that it should be taken. */
  get isFull(): boolean {
    return this.writer.length >= MESSAGE_BYTES;
  }

  /** True while no series was written since the last message. */
  get isEmpty(): boolean {
    return this.writer.length === 0;
  }

  /** The message as it is. */
  take(): Buffer {
    this.writer.close(this.#start);
    return this.writer.take();
  }
}

/** Writes labels into the field of a Metric or an Exemplar: both have it as their first. */
export function writeLabels(
  writer: ProtobufWriter,
  names: readonly string[],
  texts: readonly string[],
): void {
  for (let i = 0; i < names.length; i++) {
    const start = writer.open(METRIC.label);
    writer.text(LABEL.name, names[i] as string);
    writer.text(LABEL.value, texts[i] as string);
    writer.close(start);
  }
}

/** Writes an exemplar into a field of a counter or bucket. */
export function writeExemplar(writer: ProtobufWriter, field: number, exemplar: WrittenExemplar): void {
  const { labels, value, atMs } = exemplar;
  const start = writer.open(field);
  for (let i = 0; i < labels.length; i += 2)
    writeLabels(writer, [labels[i] as string], [labels[i + 1] as string]);
  writer.double(EXEMPLAR.value, value);
  if (atMs !== undefined) writeTime(writer, EXEMPLAR.timestamp, atMs);
  writer.close(start);
}

// Its length before it; close() of the writer takes the answer.
function beginFamily(writer: ProtobufWriter, { name, help, type, unit }: Described): number {
  const start = writer.begin();
  writer.text(FAMILY.name, name);
  writer.text(FAMILY.help, String(help));
  writer.varint(FAMILY.type, isKnown(type) ? TYPES[type] : TYPES.untyped);
  if (unit !== undefined) writer.text(FAMILY.unit, unit);
  return start;
}

function writeTime(writer: ProtobufWriter, field: number, unixMs: number): void {
  const start = writer.open(field);
  writer.varint(TIMESTAMP.seconds, Math.floor(unixMs / 1000));
  writer.varint(TIMESTAMP.nanos, Math.floor(unixMs % 1000) * 1_000_000);
  writer.close(start);
}

/** True for a type that protobuf has a name for. */
function isKnown(type: unknown): type is keyof typeof TYPES {
  return typeof type === "string" && Object.hasOwn(TYPES, type);
}
