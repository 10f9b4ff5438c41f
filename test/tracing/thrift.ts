import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface ThriftTag {
  key: string;
  vType: "STRING" | "DOUBLE" | "BOOL" | "LONG" | "BINARY";
  vStr: string;
  vDouble: number;
  vBool: boolean;
  vLong: Buffer;
}

interface ThriftBatch {
  process: { serviceName: string; tags: ThriftTag[] };
  spans: {
    traceIdLow: Buffer;
    traceIdHigh: Buffer;
    spanId: Buffer;
    parentSpanId: Buffer;
    operationName: string;
    references: { refType: string; traceIdLow: Buffer; traceIdHigh: Buffer; spanId: Buffer }[] | null;
    flags: number;
    startTime: Buffer;
    duration: Buffer;
    tags: ThriftTag[];
    logs: { timestamp: Buffer; fields: ThriftTag[] }[] | null;
  }[];
}

interface ThriftModule {
  Thrift: new (
    options: object,
  ) => {
    Batch: { fromBuffer(bytes: Buffer): ThriftBatch };
    Agent: {
      emitBatch: {
        argumentsMessageRW: {
          fromBuffer(bytes: Buffer): { err: unknown; value: { type: string; body: { batch: ThriftBatch } } };
        };
      };
    };
  };
}

/** A tag's value by key. */
export type Tags = Record<string, string | number | boolean>;

/** A batch with its ids as hex and its tags by key. */
export interface Batch {
  service: string;
  processTags: Tags;
  spans: {
    name: string;
    traceId: string;
    spanId: string;
    parentId: string;
    startMs: number;
    durationUs: number;
    tags: Tags;
    tagTypes: Record<string, string>;
    logs: Tags[];
    references: string[];
  }[];
}

// The reader and the IDL are those that jaeger-client itself ships.
const own = createRequire(import.meta.url);
const exporter = createRequire(own.resolve("@opentelemetry/exporter-jaeger"));
const idl = dirname(exporter.resolve("jaeger-client/dist/src/thrift.js"));
const { Thrift } = own("thriftrw") as ThriftModule;

/** Reads a body as a Jaeger collector does. */
export function readBatch(body: Buffer): Batch {
  const source = readFileSync(join(idl, "jaeger-idl/thrift/jaeger.thrift"), "ascii");
  return simplify(new Thrift({ source, allowOptionalArguments: true }).Batch.fromBuffer(body));
}

/** Reads a packet as a Jaeger agent does. */
export function readPacket(packet: Buffer): Batch {
  const options = {
    entryPoint: join(idl, "thriftrw-idl/agent.thrift"),
    allowOptionalArguments: true,
    allowFilesystemAccess: true,
  };
  const { err, value } = new Thrift(options).Agent.emitBatch.argumentsMessageRW.fromBuffer(packet);
  if (err) throw new Error("not a packet", { cause: err });
  return simplify(value.body.batch);
}

function simplify({ process, spans }: ThriftBatch): Batch {
  return {
    service: process.serviceName,
    processTags: tagsOf(process.tags),
    spans: spans.map((span) => ({
      name: span.operationName,
      traceId: span.traceIdHigh.toString("hex") + span.traceIdLow.toString("hex"),
      spanId: span.spanId.toString("hex"),
      parentId: span.parentSpanId.toString("hex"),
      startMs: Number(span.startTime.readBigInt64BE()) / 1000,
      durationUs: Number(span.duration.readBigInt64BE()),
      tags: tagsOf(span.tags),
      tagTypes: Object.fromEntries(span.tags.map(({ key, vType }) => [key, vType])),
      logs: (span.logs ?? []).map(({ fields }) => tagsOf(fields)),
      references: (span.references ?? []).map(
        ({ refType, spanId }) => `${refType} ${spanId.toString("hex")}`,
      ),
    })),
  };
}

function tagsOf(tags: ThriftTag[]): Tags {
  return Object.fromEntries(
    tags.map(({ key, vType, vStr, vDouble, vBool, vLong }) => [
      key,
      vType === "BOOL"
        ? vBool
        : vType === "DOUBLE"
          ? vDouble
          : vType === "LONG"
            ? Number(vLong.readBigInt64BE())
            : vStr,
    ]),
  );
}
