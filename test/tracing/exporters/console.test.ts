import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { createConsoleExporter, formatSpans } from "../../../src/tracing/exporters/console.js";
import { createResource } from "../../../src/tracing/resource.js";
import { fakeSpan, noteBook } from "../spans.js";

const OTHER = "aaaabbbbccccddddeeeeffff00001111";

describe("formatSpans", () => {
  it("writes one line a span: trace, kind, name, milliseconds, outcome", () => {
    const span = fakeSpan({ name: "GET /rooms/:id", kind: SpanKind.SERVER, duration: [1, 12_345_678] });
    expect(formatSpans([span])).toBe("trace 4bf92f35…  SERVER GET /rooms/:id  1012.3 ms  ok\n");
  });

  it("indents children under the parent they arrive with, in the order they started", () => {
    const spans = [
      fakeSpan({ name: "second", spanId: "c", parentSpanId: "a", startTime: [1, 30] }),
      fakeSpan({ name: "inner", spanId: "d", parentSpanId: "b", startTime: [1, 25] }),
      fakeSpan({ name: "first", spanId: "b", parentSpanId: "a", startTime: [1, 20] }),
      fakeSpan({ name: "alien", spanId: "x", traceId: OTHER, startTime: [1, 15] }),
      fakeSpan({ name: "root", spanId: "a", parentSpanId: "elsewhere", startTime: [1, 10] }),
    ];
    const shape = formatSpans(spans)
      .replace(/ {2}12\.3 ms {2}ok/g, "")
      .replace(/INTERNAL /g, "");
    expect(shape.trimEnd().split("\n")).toEqual([
      "trace 4bf92f35…  root",
      "trace 4bf92f35…    first",
      "trace 4bf92f35…      inner",
      "trace 4bf92f35…    second",
      "trace aaaabbbb…  alien",
    ]);
  });

  it("says what failed", () => {
    const failed = (message?: string) =>
      formatSpans([fakeSpan({ status: { code: SpanStatusCode.ERROR, ...(message && { message }) } })]);
    expect(failed("upstream said no")).toMatch(/ {2}error: upstream said no\n$/);
    expect(failed()).toMatch(/ {2}error\n$/);
  });

  it("lets no name forge a line or steer the terminal", () => {
    const name = "GET /\ntrace 00000000…  SERVER forged\u001b[2J\u2028\u0085";
    expect(
      formatSpans([fakeSpan({ name, status: { code: SpanStatusCode.ERROR, message: "a\r\nb" } })]),
    ).toMatch(/^[\u0020-\u007e…]+\n$/);
  });
});

describe("createConsoleExporter", () => {
  it("writes to the given stream and reports success", () => {
    let text = "";
    const exporter = createConsoleExporter({
      target: { type: "console", endpoint: undefined, exact: false, headers: {}, timeoutMs: 1 },
      resource: createResource({ service: "chat", resource: {} }),
      note: noteBook().note,
      out: { write: (chunk) => (text += chunk) },
    });
    const codes: number[] = [];
    exporter.export([fakeSpan({ name: "a" })], ({ code }) => codes.push(code));
    expect([text, codes]).toEqual(["trace 4bf92f35…  INTERNAL a  12.3 ms  ok\n", [0]]);
  });
});
