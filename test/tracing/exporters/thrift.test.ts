import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createSpanEncoder,
  encodeProcess,
  frameBatch,
  framePacket,
} from "../../../src/tracing/exporters/thrift/batch.js";
import { fakeSpan } from "../spans.js";
import { type Batch, readBatch, readPacket } from "../thrift.js";

const PROCESS = encodeProcess("chat", { "team.name": "rooms", zone: undefined, replicas: 3 });

function batchOf(spans: readonly ReadableSpan[], process = PROCESS): Batch {
  const { bytes, ends } = createSpanEncoder()(spans);
  return readBatch(frameBatch(process, ends.length, bytes));
}

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "grapheme", minLength: 40, maxLength: 200 }),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.string({ minLength: 1, unit: "grapheme" }).filter((key) => key !== "__proto__"),
  value,
  { maxKeys: 20 },
);
const time: fc.Arbitrary<HrTime> = fc.tuple(
  fc.integer({ min: 0, max: 4_000_000_000 }),
  fc.integer({ min: 0, max: 999_999_999 }),
);
const sketch = fc.record({
  name: fc.string({ unit: "grapheme" }),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: hex(16),
  startTime: time,
  duration: time,
  attributes,
  event: attributes,
  links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16) }), { maxLength: 3 }),
});

const microseconds = ([seconds, nanoseconds]: HrTime): number =>
  seconds * 1e6 + Math.round(nanoseconds / 1000);
const own = (read: Attributes, given: Attributes): Attributes =>
  Object.fromEntries(Object.keys(given).map((key) => [key, read[key]]));
// -0 is a whole number, of which Thrift has but one.
const plain = (given: Attributes): Attributes =>
  Object.fromEntries(Object.entries(given).map(([key, each]) => [key, Object.is(each, -0) ? 0 : each]));

describe("the Thrift encoder", () => {
  it("writes any span so that the official definition reads the same", () => {
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 1, maxLength: 5 }), (sketches) => {
        const spans = sketches.map((each) => ({
          ...fakeSpan(each),
          links: each.links.map((link): Link => ({ context: { ...link, traceFlags: 1 } })),
          events: [{ name: "event", time: each.startTime, attributes: each.event }],
        }));
        const { spans: read } = batchOf(spans);
        for (const [at, span] of read.entries()) {
          const { event, links, startTime, duration, ...given } = sketches[at] as (typeof sketches)[0];
          expect(span).toMatchObject({
            name: given.name,
            traceId: given.traceId,
            spanId: given.spanId,
            parentId: given.parentSpanId,
            durationUs: microseconds(duration),
            references: links.map(({ spanId }) => `FOLLOWS_FROM ${spanId}`),
          });
          expect(span.startMs * 1000).toBeCloseTo(microseconds(startTime), -1);
          expect(own(span.tags, given.attributes)).toEqual(plain(given.attributes));
          expect(own(span.logs[0] ?? {}, event)).toEqual(plain({ ...event, ...("event" in event && {}) }));
        }
        expect(read).toHaveLength(spans.length);
      }),
      { numRuns: 60 },
    );
  });

  it("names the process, without what it does not know", () => {
    expect(batchOf([fakeSpan()])).toMatchObject({
      service: "chat",
      processTags: { "team.name": "rooms", replicas: 3 },
    });
    expect(batchOf([fakeSpan()]).processTags).not.toHaveProperty("zone");
  });

  it("writes whole numbers as such, lists as JSON, and what is dropped", () => {
    const span = {
      ...fakeSpan({ attributes: { big: 2 ** 40, negative: -7, half: 0.5, list: ["a", 'b"'] } }),
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
    };
    expect(batchOf([span]).spans[0]?.tagTypes).toMatchObject({ big: "LONG", half: "DOUBLE", list: "STRING" });
    expect(batchOf([span]).spans[0]?.tags).toMatchObject({
      big: 2 ** 40,
      negative: -7,
      half: 0.5,
      list: '["a","b\\""]',
      "otel.dropped_attributes_count": 1,
      "otel.dropped_events_count": 2,
      "otel.dropped_links_count": 3,
    });
  });

  it("leaves out a span that cannot be encoded, and keeps its batch", () => {
    const broken = Object.defineProperty(fakeSpan(), "name", {
      get() {
        throw new Error("no name");
      },
    });
    const { bytes, ends, errors } = createSpanEncoder()([
      fakeSpan({ name: "a" }),
      broken,
      fakeSpan({ name: "b" }),
    ]);
    expect(errors).toEqual([new Error("no name")]);
    expect(readBatch(frameBatch(PROCESS, ends.length, bytes)).spans.map(({ name }) => name)).toEqual([
      "a",
      "b",
    ]);
  });

  it("writes a packet as an agent reads it", () => {
    const { bytes, ends } = createSpanEncoder()([fakeSpan({ name: "a" })]);
    expect(readPacket(framePacket(PROCESS, ends.length, bytes))).toMatchObject({
      service: "chat",
      spans: [{ name: "a" }],
    });
  });

  it("keeps what it has handed out when it writes the next batch", () => {
    const encode = createSpanEncoder();
    const first = encode([fakeSpan({ name: "first" })]);
    encode([fakeSpan({ name: "second" })]);
    expect(readBatch(frameBatch(PROCESS, 1, first.bytes)).spans[0]?.name).toBe("first");
  });
});
