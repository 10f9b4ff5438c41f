import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { redactValue } from "../../src/logging/redact.js";

class Money {
  readonly cents = 5;
  toJSON(): object {
    return { amount: 0.05, token: "t" };
  }
}

class Self {
  readonly a = 1;
  toJSON(): this {
    return this;
  }
}

describe("objects that are no plain data", () => {
  it.each([
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no date", new Date(Number.NaN), "[invalid date]"],
    ["a buffer", Buffer.from("hunter2"), "[7 bytes]"],
    ["a typed array", new Float64Array(2), "[16 bytes]"],
    ["a boxed text", new String("x?token=a"), "x?token=[redacted]"],
    [
      "a map",
      new Map<unknown, unknown>([
        ["token", "t"],
        [1, "one"],
        [{}, 2],
      ]),
      { token: "[redacted]", 1: "one", "[object]": 2 },
    ],
    ["a set", new Set([1, 2]), [1, 2]],
    ["a URL", new URL("https://u:p@host/a?x=1"), "https://[redacted]@host/a?x=[redacted]"],
    ["a query", new URLSearchParams("x=1&y=2"), "x=[redacted]&y=[redacted]"],
    [
      "fetch headers",
      new Headers({ authorization: "Bearer x", accept: "*/*" }),
      { authorization: "[redacted]", accept: "*/*" },
    ],
    ["a stream", new PassThrough(), "[PassThrough]"],
    ["an object with toJSON", new Money(), { amount: 0.05, token: "[redacted]" }],
    ["an object whose toJSON is itself", new Self(), { a: 1 }],
    ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
  ])("%s is told in its own way", (_, value, expected) => {
    expect(redactValue(value)).toEqual(expected);
  });

  it("bounds maps and sets", () => {
    const set = new Set(Array.from({ length: 5000 }, (_, i) => i));
    expect((redactValue(set) as unknown[]).length).toBe(101);
    const map = new Map(Array.from({ length: 5000 }, (_, i) => [i, i]));
    expect(Object.keys(redactValue(map) as object).length).toBe(101);
  });
});
