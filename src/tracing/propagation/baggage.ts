import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";

/** The header. */
const BAGGAGE = "baggage";

// What https://www.w3.org/TR/baggage/#limits asks of everyone, and no more: strangers fill it.
const MAX_LENGTH = 8192;
const MAX_ENTRIES = 64;
const NAME = /^[\w!#$%&'*+\-.^`|~]{1,256}$/;
const MAX_NAMES = 1000;

/** W3C baggage: at most 64 entries and 8192 characters, in and out; what is malformed or beyond is left out. */
export const baggagePropagator: TextMapPropagator = {
  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    const text = formatBaggage(propagation.getBaggage(ctx));
    if (text !== "") setter.set(carrier, BAGGAGE, text);
  },
  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const found = parseBaggage(getter.get(carrier, BAGGAGE));
    return found === undefined ? ctx : propagation.setBaggage(ctx, found);
  },
  fields: () => [BAGGAGE],
};

/** Reads a `baggage` header; `undefined` when it holds nothing. */
export function parseBaggage(header: unknown): Baggage | undefined {
  const text = Array.isArray(header) && header.length <= MAX_ENTRIES ? header.join(",") : header;
  if (typeof text !== "string" || text.length === 0 || text.length > MAX_LENGTH) return undefined;
  const entries: Record<string, BaggageEntry> = {};
  for (const member of text.split(",", MAX_ENTRIES)) {
    const [pair = "", ...metadata] = member.split(";");
    const entry = readPair(pair);
    if (entry === undefined) continue;
    const rest = metadata.join(";").trim();
    entries[entry.name] =
      rest === ""
        ? { value: entry.value }
        : { value: entry.value, metadata: baggageEntryMetadataFromString(rest) };
  }
  return baggageOf(entries);
}

function readPair(pair: string): { name: string; value: string } | undefined {
  const at = pair.indexOf("=");
  if (at < 0) return undefined;
  return entryOf(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
}

/** A name and its percent-decoded value; `undefined` where they cannot be one. */
export function entryOf(name: string, encoded: string): { name: string; value: string } | undefined {
  if (!NAME.test(name)) return undefined;
  try {
    return { name, value: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** The entries as baggage; `undefined` without one. */
export function baggageOf(entries: Record<string, BaggageEntry>): Baggage | undefined {
  return Object.keys(entries).length === 0 ? undefined : propagation.createBaggage(entries);
}

/** The entries that may be sent on, values percent-encoded. */
export function encodedEntries(
  baggage: Baggage | undefined,
): [name: string, value: string, metadata: string][] {
  let room = MAX_LENGTH;
  const sent: [string, string, string][] = [];
  for (const [name, { value, metadata }] of (baggage?.getAllEntries() ?? []).slice(0, MAX_NAMES)) {
    if (!NAME.test(name) || typeof value !== "string" || value.length > MAX_LENGTH) continue;
    const encoded = encode(value);
    const more = metadata === undefined ? "" : String(metadata);
    const length = name.length + encoded.length + more.length + 3;
    if (length > room || sent.length === MAX_ENTRIES || !/^[\x20-\x7e]*$/.test(more)) continue;
    room -= length;
    sent.push([name, encoded, more]);
  }
  return sent;
}

function formatBaggage(baggage: Baggage | undefined): string {
  return encodedEntries(baggage)
    .map(([name, value, metadata]) => `${name}=${value}${metadata === "" ? "" : `;${metadata}`}`)
    .join(",");
}

// A lone surrogate cannot be encoded.
function encode(value: string): string {
  return encodeURIComponent(
    value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"),
  );
}
