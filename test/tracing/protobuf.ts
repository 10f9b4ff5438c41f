type Fields = Map<number, (Buffer | bigint)[]>;

/** A span as OTLP carries it. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  status: { code: number; message: string };
}

/** Reads an ExportTraceServiceRequest of opentelemetry-proto, trace/v1. */
export function readOtlp(body: Buffer): {
  resource: Record<string, unknown>;
  scope: string;
  spans: OtlpSpan[];
} {
  const resourceSpans = fieldsOf(bytes(fieldsOf(body), 1));
  const scopeSpans = fieldsOf(bytes(resourceSpans, 2));
  return {
    resource: attributesOf(fieldsOf(bytes(resourceSpans, 1)), 1),
    scope: text(fieldsOf(bytes(scopeSpans, 1)), 1),
    spans: (scopeSpans.get(2) ?? []).map((span) => spanOf(fieldsOf(span as Buffer))),
  };
}

function spanOf(fields: Fields): OtlpSpan {
  const status = fieldsOf(bytes(fields, 15));
  return {
    traceId: bytes(fields, 1).toString("hex"),
    spanId: bytes(fields, 2).toString("hex"),
    parentId: bytes(fields, 4).toString("hex"),
    name: text(fields, 5),
    kind: Number(fields.get(6)?.[0] ?? 0),
    attributes: attributesOf(fields, 9),
    status: { code: Number(status.get(3)?.[0] ?? 0), message: text(status, 2) },
  };
}

function attributesOf(fields: Fields, field: number): Record<string, unknown> {
  const pairs = (fields.get(field) ?? []).map((pair) => {
    const keyValue = fieldsOf(pair as Buffer);
    return [text(keyValue, 1), attributeOf(fieldsOf(bytes(keyValue, 2)))];
  });
  return Object.fromEntries(pairs);
}

function attributeOf(fields: Fields): unknown {
  const [[kind, values] = [0, []]] = fields;
  const value = values[0];
  if (kind === 1) return text(fields, 1);
  if (kind === 2) return value === 1n;
  return kind === 4 ? (value as Buffer).readDoubleLE() : Number(value);
}

function bytes(fields: Fields, field: number): Buffer {
  return (fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
}

function text(fields: Fields, field: number): string {
  return bytes(fields, field).toString();
}

function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}
