/** A span of Zipkin's version 2. */
export interface ZipkinSpan {
  traceId: string;
  id: string;
  parentId?: string;
  name?: string;
  kind?: string;
  timestamp?: number;
  duration?: number;
  localEndpoint?: { serviceName?: string };
  annotations?: { timestamp: number; value: string }[];
  tags?: Record<string, string>;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const int: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const hex =
  (...lengths: number[]): Check =>
  (value) =>
    typeof value === "string" && /^[0-9a-f]+$/.test(value) && lengths.includes(value.length);
const object =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([key, inner]) => fields[key]?.(inner) === true);
const endpoint = object({ serviceName: text, ipv4: text, ipv6: text, port: int });

/** The definitions of openzipkin/zipkin-api, zipkin2-api.yaml; ids are as its descriptions want them. */
const SPAN: Record<string, Check> = {
  traceId: hex(16, 32),
  id: hex(16),
  parentId: hex(16),
  name: text,
  kind: (value) => ["CLIENT", "SERVER", "PRODUCER", "CONSUMER"].includes(value as string),
  timestamp: int,
  duration: (value) => int(value) && (value as number) >= 1,
  debug: (value) => typeof value === "boolean",
  shared: (value) => typeof value === "boolean",
  localEndpoint: endpoint,
  remoteEndpoint: endpoint,
  annotations: (value) => Array.isArray(value) && value.every(object({ timestamp: int, value: text })),
  tags: (value) =>
    typeof value === "object" && value !== null && Object.values(value).every((each) => text(each)),
};

/** Reads the body of `POST /api/v2/spans`; throws at what the definitions do not allow. */
export function readZipkin(body: Uint8Array): ZipkinSpan[] {
  const spans = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>[];
  if (!Array.isArray(spans)) throw new Error("not a list of spans");
  for (const span of spans) {
    for (const [key, value] of Object.entries(span))
      if (SPAN[key]?.(value) !== true) throw new Error(`span.${key} is ${JSON.stringify(value)}`);
    if (!("traceId" in span && "id" in span)) throw new Error("a span without its ids");
  }
  return spans as unknown as ZipkinSpan[];
}
