import type { Attributes } from "@opentelemetry/api";
import * as thrift from "./writer.js";

/** Thrift's `TagType`. */
const TAG = { STRING: 0, DOUBLE: 1, BOOL: 2, LONG: 3 } as const;

/** A list of tags under way; its length is known at the end. */
export interface TagList {
  tag(key: string, value: unknown): void;
  attributes(attributes: Attributes): void;
  /** Writes tags that {@link encodeTags} has encoded before. */
  encoded(tags: EncodedTags): void;
  end(): void;
}

/** Tags that are always the same, encoded once. */
export interface EncodedTags {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Begins a list of tags as the field `id`. */
export function beginTags(out: thrift.Output, id: number): TagList {
  thrift.field(out, thrift.TYPE.LIST, id);
  const start = out.length;
  thrift.list(out, thrift.TYPE.STRUCT, 0);
  let count = 0;
  const tag = (key: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    writeTag(out, key, value);
    count++;
  };
  return {
    tag,
    attributes(attributes) {
      for (const key in attributes) tag(key, attributes[key]);
    },
    encoded(tags) {
      thrift.bytes(out, tags.bytes);
      count += tags.count;
    },
    end() {
      const end = out.length;
      out.length = start;
      thrift.list(out, thrift.TYPE.STRUCT, count);
      out.length = end;
    },
  };
}

/** Encodes tags for {@link TagList.encoded}. */
export function encodeTags(out: thrift.Output, tags: Attributes): EncodedTags {
  const entries = Object.entries(tags).filter(([, value]) => value !== undefined && value !== null);
  for (const [key, value] of entries) writeTag(out, key, value);
  return { count: entries.length, bytes: thrift.take(out) };
}

function writeTag(out: thrift.Output, key: string, value: unknown): void {
  thrift.field(out, thrift.TYPE.STRING, 1);
  thrift.string(out, key);
  thrift.field(out, thrift.TYPE.I32, 2);
  if (typeof value === "boolean") {
    thrift.i32(out, TAG.BOOL);
    thrift.field(out, thrift.TYPE.BOOL, 5);
    thrift.bool(out, value);
  } else if (typeof value === "number") {
    writeNumber(out, value);
  } else {
    thrift.i32(out, TAG.STRING);
    thrift.field(out, thrift.TYPE.STRING, 3);
    // As OpenTelemetry wants it: arrays and objects as JSON.
    thrift.string(out, typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)));
  }
  thrift.stop(out);
}

function writeNumber(out: thrift.Output, value: number): void {
  if (Number.isSafeInteger(value)) {
    thrift.i32(out, TAG.LONG);
    thrift.field(out, thrift.TYPE.I64, 6);
    thrift.i64(out, value);
  } else {
    thrift.i32(out, TAG.DOUBLE);
    thrift.field(out, thrift.TYPE.DOUBLE, 4);
    thrift.double(out, value);
  }
}
