import protobuf from "protobufjs";

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ type, id, rule: "repeated" as const });

/**
 * The messages of opentelemetry-proto 1.x that carry logs, field for field as collector/logs/v1/logs_service.proto,
 * logs/v1/logs.proto, resource/v1/resource.proto and common/v1/common.proto number them.
 */
const MESSAGES: Readonly<Record<string, Record<string, ReturnType<typeof one>>>> = {
  ExportLogsServiceRequest: { resourceLogs: many("ResourceLogs", 1) },
  ResourceLogs: {
    resource: one("Resource", 1),
    scopeLogs: many("ScopeLogs", 2),
    schemaUrl: one("string", 3),
  },
  Resource: { attributes: many("KeyValue", 1), droppedAttributesCount: one("uint32", 2) },
  ScopeLogs: {
    scope: one("InstrumentationScope", 1),
    logRecords: many("LogRecord", 2),
    schemaUrl: one("string", 3),
  },
  InstrumentationScope: {
    name: one("string", 1),
    version: one("string", 2),
    attributes: many("KeyValue", 3),
    droppedAttributesCount: one("uint32", 4),
  },
  LogRecord: {
    timeUnixNano: one("fixed64", 1),
    severityNumber: one("int32", 2),
    severityText: one("string", 3),
    body: one("AnyValue", 5),
    attributes: many("KeyValue", 6),
    droppedAttributesCount: one("uint32", 7),
    flags: one("fixed32", 8),
    traceId: one("bytes", 9),
    spanId: one("bytes", 10),
    observedTimeUnixNano: one("fixed64", 11),
    eventName: one("string", 12),
  },
  KeyValue: { key: one("string", 1), value: one("AnyValue", 2) },
  AnyValue: {
    stringValue: one("string", 1),
    boolValue: one("bool", 2),
    intValue: one("int64", 3),
    doubleValue: one("double", 4),
    arrayValue: one("ArrayValue", 5),
    kvlistValue: one("KeyValueList", 6),
    bytesValue: one("bytes", 7),
  },
  ArrayValue: { values: many("AnyValue", 1) },
  KeyValueList: { values: many("KeyValue", 1) },
};

// A text that is empty and a number that is 0 count as given where they are the one of several.
const ONE_OF = { value: { oneof: Object.keys(MESSAGES["AnyValue"] ?? {}) } };

const ROOT = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      name === "AnyValue" ? { fields, oneofs: ONE_OF } : { fields },
    ]),
  ),
});

/**
 * What is left of a request in JSON after its way through the binary form: the same where each member has the name and
 * the type that the definitions give, for what they do not know is left out and what is of another type changes.
 */
export function throughBinary(json: string): unknown {
  const type = ROOT.lookupType("ExportLogsServiceRequest");
  const object = JSON.parse(json, (key, value) => (isId(key) ? Buffer.from(value, "hex") : value)) as object;
  const bytes = type.encode(type.fromObject(object)).finish();
  const read = type.toObject(type.decode(bytes), { longs: String, bytes: Buffer });
  return JSON.parse(JSON.stringify(read, hexIds));
}

function isId(key: string): boolean {
  return key === "traceId" || key === "spanId";
}

// Buffer.toJSON comes before a replacer.
function hexIds(key: string, value: unknown): unknown {
  return isId(key) ? Buffer.from((value as { data: number[] }).data).toString("hex") : value;
}
