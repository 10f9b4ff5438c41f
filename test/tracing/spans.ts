import { type Attributes, type HrTime, SpanKind, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** What a made-up span may be told to be. */
export interface SpanSketch {
  name?: string;
  kind?: SpanKind;
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  startTime?: HrTime;
  duration?: HrTime;
  status?: SpanStatus;
  attributes?: Attributes;
  sampled?: boolean;
}

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** An ended span as an exporter gets it. */
export function fakeSpan(sketch: SpanSketch = {}): ReadableSpan {
  const { traceId = TRACE, spanId = "00f067aa0ba902b7", parentSpanId, sampled = true } = sketch;
  const traceFlags = sampled ? 1 : 0;
  return {
    name: sketch.name ?? "span",
    kind: sketch.kind ?? SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags }),
    ...(parentSpanId !== undefined && { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags } }),
    startTime: sketch.startTime ?? [1, 0],
    endTime: [2, 0],
    duration: sketch.duration ?? [0, 12_300_000],
    status: sketch.status ?? { code: SpanStatusCode.UNSET },
    attributes: sketch.attributes ?? {},
    links: [],
    events: [],
    ended: true,
    resource: { attributes: {}, merge: (other) => other ?? fakeSpan().resource, getRawAttributes: () => [] },
    instrumentationScope: { name: "test" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Notes as `createTracing` gives them, kept for reading: `part: message`. */
export function noteBook(): { note: (part: string, error: unknown) => void; notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    note: (part, error) => notes.push(`${part}: ${error instanceof Error ? error.message : String(error)}`),
  };
}
