import protobuf from "protobufjs";
import { ROOT } from "./otlp-messages.js";

/** A span as OTLP carries it. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: string[];
  status: { code: number; message: string };
}

/** One request as a collector understands it. */
export interface OtlpRequest {
  resource: Record<string, unknown>;
  scope: string;
  spans: OtlpSpan[];
}

type Json = Record<string, unknown>;

const REQUEST = ROOT.lookupType("ExportTraceServiceRequest");
const LONG = protobuf.util.Long as unknown as { fromString(text: string): unknown };
const HEX_FIELDS: readonly string[] = ["traceId", "spanId", "parentSpanId"];

/** Reads the protobuf form; throws at a field that the definition does not have. */
export function readOtlp(body: Uint8Array): OtlpRequest {
  checkFields(REQUEST, body);
  return simplify(
    REQUEST.toObject(REQUEST.decode(body), { defaults: true, longs: Number, bytes: Array }) as Json,
  );
}

// decode() skips what it does not know.
function checkFields(type: protobuf.Type, body: Uint8Array): void {
  const reader = protobuf.Reader.create(body);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = type.fieldsArray.find(({ id }) => id === tag >>> 3)?.resolve();
    if (field === undefined) throw new Error(`${type.name} has no field ${tag >>> 3}`);
    if (field.resolvedType instanceof protobuf.Type) checkFields(field.resolvedType, reader.bytes());
    else reader.skipType(tag & 7);
  }
}

/** Reads the JSON form: camelCase names, ids in hexadecimal, enumerations as numbers; throws at anything else. */
export function readOtlpJson(body: Uint8Array): OtlpRequest {
  const object = JSON.parse(Buffer.from(body).toString()) as Json;
  const known = fromJson(object, REQUEST) as Json;
  const complaint = REQUEST.verify(known);
  if (complaint !== null) throw new Error(complaint);
  const message = REQUEST.fromObject(known);
  return simplify(REQUEST.toObject(message, { defaults: true, longs: Number, bytes: Array }) as Json);
}

function fromJson(value: unknown, type: protobuf.Type): unknown {
  return Object.fromEntries(
    Object.entries(value as Json).map(([key, inner]) => {
      const field = type.fields[key]?.resolve();
      if (field === undefined) throw new Error(`${type.name} has no field ${key}`);
      const read = (each: unknown): unknown => {
        if (field.resolvedType instanceof protobuf.Type) return fromJson(each, field.resolvedType);
        return HEX_FIELDS.includes(key) ? unhex(each) : number64(each, field.type);
      };
      return [key, field.repeated ? (inner as unknown[]).map(read) : read(inner)];
    }),
  );
}

function unhex(value: unknown): Buffer {
  if (typeof value !== "string" || !/^([0-9a-f]{16}){0,2}$/.test(value)) throw new Error(`${value} is no id`);
  return Buffer.from(value, "hex");
}

// 64 bits do not fit a number of JSON: they are written as a string, and read as either.
function number64(value: unknown, type: string): unknown {
  return type.endsWith("64") ? LONG.fromString(String(value)) : value;
}

function simplify(request: Json): OtlpRequest {
  const [resourceSpans = {}] = request["resourceSpans"] as Json[];
  const [scopeSpans = {}] = resourceSpans["scopeSpans"] as Json[];
  const spans = scopeSpans["spans"] as Json[];
  return {
    resource: attributesOf(resourceSpans["resource"] as Json),
    scope: (scopeSpans["scope"] as { name: string }).name,
    spans: spans.map(spanOf),
  };
}

function spanOf(span: Json): OtlpSpan {
  const { code, message } = (span["status"] ?? { code: 0, message: "" }) as OtlpSpan["status"];
  return {
    traceId: hex(span["traceId"]),
    spanId: hex(span["spanId"]),
    parentId: hex(span["parentSpanId"]),
    name: span["name"] as string,
    kind: span["kind"] as number,
    startMs: (span["startTimeUnixNano"] as number) / 1e6,
    endMs: (span["endTimeUnixNano"] as number) / 1e6,
    attributes: attributesOf(span),
    events: (span["events"] as Json[]).map((event) => ({
      name: event["name"] as string,
      attributes: attributesOf(event),
    })),
    links: (span["links"] as Json[]).map((link) => hex(link["spanId"])),
    status: { code, message },
  };
}

function hex(bytes: unknown): string {
  return Buffer.from(bytes as number[]).toString("hex");
}

function attributesOf(owner: Json): Record<string, unknown> {
  const pairs = owner["attributes"] as { key: string; value: Json }[];
  return Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: Json): unknown {
  const [[kind, inner] = ["", undefined]] = Object.entries(value);
  return kind === "arrayValue" ? (inner as { values: Json[] }).values.map(readValue) : inner;
}
