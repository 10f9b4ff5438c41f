import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createSpanWriter } from "./span.js";
import { beginTags } from "./tags.js";
import * as thrift from "./writer.js";

// Message header of the strict protocol: version 1, one way, `emitBatch`, sequence 0; then the first argument.
const MESSAGE: Buffer = Buffer.from("8001000400000009656d6974426174636800000000", "hex");
const STOP: Buffer = Buffer.of(0);

/** Spans one after the other, as a batch has them. */
export interface SpanBlock {
  readonly bytes: Buffer;
  /** Where each span ends. */
  readonly ends: readonly number[];
  /** What could not be encoded. */
  readonly errors: readonly unknown[];
}

/** Encodes spans in Jaeger's Thrift: https://github.com/jaegertracing/jaeger-idl/blob/main/thrift/jaeger.thrift */
export function createSpanEncoder(): (spans: readonly ReadableSpan[]) => SpanBlock {
  const out = thrift.createOutput();
  const write = createSpanWriter();
  return (spans) => {
    const ends: number[] = [];
    const errors: unknown[] = [];
    for (const span of spans) {
      const start = out.length;
      try {
        write(out, span);
        ends.push(out.length);
      } catch (error) {
        out.length = start;
        errors.push(error);
      }
    }
    return { bytes: thrift.take(out), ends, errors };
  };
}

/** Encodes Jaeger's `Process`, the one that spans are from, as the first field of a batch. */
export function encodeProcess(service: string, attributes: ReadableSpan["attributes"]): Buffer {
  const out = thrift.createOutput();
  thrift.field(out, thrift.TYPE.STRUCT, 1);
  thrift.field(out, thrift.TYPE.STRING, 1);
  thrift.string(out, service);
  const tags = beginTags(out, 2);
  tags.attributes(attributes);
  tags.end();
  thrift.stop(out);
  return thrift.take(out);
}

/** A `Batch`, which a collector takes over HTTP. */
export function frameBatch(process: Buffer, count: number, spans: Buffer): Buffer {
  const out = thrift.createOutput();
  thrift.field(out, thrift.TYPE.LIST, 2);
  thrift.list(out, thrift.TYPE.STRUCT, count);
  return Buffer.concat([process, thrift.take(out), spans, STOP]);
}

/** Bytes that a packet has beside its process and its spans. */
export const PACKET_OVERHEAD: number = 64;

/** A call of `emitBatch`, which an agent takes over UDP. */
export function framePacket(process: Buffer, count: number, spans: Buffer): Buffer {
  const argument = Buffer.of(thrift.TYPE.STRUCT, 0, 1);
  return Buffer.concat([MESSAGE, argument, frameBatch(process, count, spans), STOP]);
}
