import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";

/** A MetricFamily as protobufjs reads it: absent fields are absent, enums are names. */
export interface DecodedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly unit?: string;
  readonly metric: readonly Record<string, unknown>[];
}

const { root } = protobuf.parse(readFileSync(join(import.meta.dirname, "metrics.proto"), "utf8"), {
  keepCase: true,
});
const type = root.lookupType("io.prometheus.client.MetricFamily");

/** Reads a delimited stream of MetricFamily messages. Throws on what is not one. */
export function decodeFamilies(bytes: Uint8Array): DecodedFamily[] {
  const reader = protobuf.Reader.create(bytes);
  const families: DecodedFamily[] = [];
  while (reader.pos < reader.len) {
    const message = type.decodeDelimited(reader);
    families.push(type.toObject(message, { longs: Number, enums: String }) as DecodedFamily);
  }
  return families;
}
