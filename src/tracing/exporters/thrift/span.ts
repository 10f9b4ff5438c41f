import { type HrTime, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { beginTags, type EncodedTags, encodeTags } from "./tags.js";
import * as thrift from "./writer.js";

const FOLLOWS_FROM = 1;
const SAMPLED = 1;
const KINDS: readonly (string | undefined)[] = Array.from({ length: 5 }, (_, kind) =>
  kind === SpanKind.INTERNAL ? undefined : SpanKind[kind]?.toLowerCase(),
);

/** Writes one span as Jaeger's `Span`. */
export type SpanWriter = (out: thrift.Output, span: ReadableSpan) => void;

/** A writer of spans, which encodes what every span of a scope says but once. */
export function createSpanWriter(): SpanWriter {
  const scopes = new WeakMap<object, EncodedTags>();
  const scopeOf = (scope: ReadableSpan["instrumentationScope"]): EncodedTags => {
    const known = scopes.get(scope) ?? encodeScope(scope);
    scopes.set(scope, known);
    return known;
  };
  return (out, span) => {
    writeIds(out, span);
    thrift.field(out, thrift.TYPE.STRING, 5);
    thrift.string(out, span.name);
    writeLinks(out, span);
    thrift.field(out, thrift.TYPE.I32, 7);
    thrift.i32(out, span.spanContext().traceFlags || SAMPLED);
    thrift.field(out, thrift.TYPE.I64, 8);
    thrift.i64(out, microseconds(span.startTime));
    thrift.field(out, thrift.TYPE.I64, 9);
    thrift.i64(out, microseconds(span.duration));
    writeTags(out, span, scopeOf(span.instrumentationScope));
    writeEvents(out, span.events);
    thrift.stop(out);
  };
}

// `otel.library.*` are the names of before, which people search for.
function encodeScope({ name, version }: ReadableSpan["instrumentationScope"]): EncodedTags {
  return encodeTags(thrift.createOutput(), {
    "otel.scope.name": name,
    "otel.scope.version": version,
    "otel.library.name": name,
    "otel.library.version": version,
  });
}

function writeIds(out: thrift.Output, span: ReadableSpan): void {
  const { traceId, spanId } = span.spanContext();
  writeTraceId(out, traceId, 1);
  thrift.field(out, thrift.TYPE.I64, 3);
  thrift.hex64(out, spanId, 0);
  thrift.field(out, thrift.TYPE.I64, 4);
  const parent = span.parentSpanContext?.spanId;
  if (parent === undefined) thrift.i64(out, 0);
  else thrift.hex64(out, parent, 0);
}

function writeTraceId(out: thrift.Output, traceId: string, firstField: number): void {
  thrift.field(out, thrift.TYPE.I64, firstField);
  thrift.hex64(out, traceId, 16);
  thrift.field(out, thrift.TYPE.I64, firstField + 1);
  thrift.hex64(out, traceId, 0);
}

function writeLinks(out: thrift.Output, { links }: ReadableSpan): void {
  if (links.length === 0) return;
  thrift.field(out, thrift.TYPE.LIST, 6);
  thrift.list(out, thrift.TYPE.STRUCT, links.length);
  for (const { context } of links) {
    thrift.field(out, thrift.TYPE.I32, 1);
    thrift.i32(out, FOLLOWS_FROM);
    writeTraceId(out, context.traceId, 2);
    thrift.field(out, thrift.TYPE.I64, 4);
    thrift.hex64(out, context.spanId, 0);
    thrift.stop(out);
  }
}

function writeTags(out: thrift.Output, span: ReadableSpan, scope: EncodedTags): void {
  const { status } = span;
  const tags = beginTags(out, 10);
  tags.attributes(span.attributes);
  if (status.code !== SpanStatusCode.UNSET) {
    tags.tag("otel.status_code", SpanStatusCode[status.code]);
    tags.tag("otel.status_description", status.message || undefined);
  }
  if (status.code === SpanStatusCode.ERROR) tags.tag("error", true);
  tags.tag("span.kind", KINDS[span.kind]);
  tags.tag("w3c.tracestate", span.spanContext().traceState?.serialize() || undefined);
  tags.encoded(scope);
  tags.tag("otel.dropped_attributes_count", span.droppedAttributesCount || undefined);
  tags.tag("otel.dropped_events_count", span.droppedEventsCount || undefined);
  tags.tag("otel.dropped_links_count", span.droppedLinksCount || undefined);
  tags.end();
}

function writeEvents(out: thrift.Output, events: readonly TimedEvent[]): void {
  if (events.length === 0) return;
  thrift.field(out, thrift.TYPE.LIST, 11);
  thrift.list(out, thrift.TYPE.STRUCT, events.length);
  for (const { time, name, attributes, droppedAttributesCount } of events) {
    thrift.field(out, thrift.TYPE.I64, 1);
    thrift.i64(out, microseconds(time));
    const fields = beginTags(out, 2);
    fields.tag("event", name);
    if (attributes !== undefined) fields.attributes(attributes);
    fields.tag("otel.event.dropped_attributes_count", droppedAttributesCount || undefined);
    fields.end();
    thrift.stop(out);
  }
}

function microseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000_000 + Math.round(nanoseconds / 1000);
}
