import type { ExpositionFormat } from "../types.js";

/** One of the media types that a client takes. */
interface MediaRange {
  /** `type/subtype`, in lower case; either may be `*`. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0, not at all, to 1. */
  readonly quality: number;
}

type Matches = (parameters: MediaRange["parameters"]) => boolean;

// A comma or semicolon between quotes divides nothing.
const RANGES = /(?:"(?:\\.|[^"\\])*"|[^",])+/g;
const PARTS = /(?:"(?:\\.|[^"\\])*"|[^";])+/g;

// Longer than any scraper's; what comes after is not read, because time grows with the square of hostile quotes.
const MAX_LENGTH = 2000;

const MEDIA_TYPES: Readonly<Record<string, { format: ExpositionFormat; matches: Matches }>> = {
  "text/plain": { format: "text", matches: versionIn("0.0.4", "1.0.0") },
  // 0.0.1 is the draft that Prometheus asked for before 1.0.0 was out; it takes the same text.
  "application/openmetrics-text": { format: "openmetrics", matches: versionIn("1.0.0", "0.0.1") },
  "application/vnd.google.protobuf": {
    format: "protobuf",
    matches: (given) =>
      given.get("proto") === "io.prometheus.client.MetricFamily" && given.get("encoding") === "delimited",
  },
};

/**
 * The format that an Accept header asks for: the one of highest quality, the first among equals. `fallback` (default
 * text) is what `*` means, and what is given where nothing in the header is known. Never throws.
 */
export function negotiate(accept: string | undefined, fallback: ExpositionFormat = "text"): ExpositionFormat {
  let best: { format: ExpositionFormat; quality: number } = { format: fallback, quality: 0 };
  for (const range of (accept ?? "").slice(0, MAX_LENGTH).match(RANGES) ?? []) {
    const { quality, ...media } = parseRange(range);
    const format = formatOf(media, fallback);
    if (format !== undefined && quality > best.quality) best = { format, quality };
  }
  return best.format;
}

function formatOf(
  { type, parameters }: Omit<MediaRange, "quality">,
  fallback: ExpositionFormat,
): ExpositionFormat | undefined {
  if (type === "*/*") return fallback;
  if (type === "text/*") return "text";
  const known = Object.hasOwn(MEDIA_TYPES, type) ? MEDIA_TYPES[type] : undefined;
  return known?.matches(parameters) === true ? known.format : undefined;
}

function parseRange(range: string): MediaRange {
  const [type = "", ...rest] = (range.match(PARTS) ?? []).map((part) => part.trim());
  const parameters = new Map(rest.map(parseParameter));
  return { type: type.toLowerCase(), parameters, quality: qualityOf(parameters.get("q")) };
}

function parseParameter(text: string): [string, string] {
  const [name = "", value = ""] = text.split(/=(.*)/s).map((part) => part.trim());
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return [name.toLowerCase(), isQuoted ? value.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : value];
}

function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const quality = Number(text === "" ? Number.NaN : text);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

function versionIn(...versions: readonly string[]): Matches {
  return (given) => versions.includes(given.get("version") ?? (versions[0] as string));
}
