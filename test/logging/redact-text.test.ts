import { describe, expect, it } from "vitest";
import { createTextRedactor } from "../../src/logging/redact-text.js";
import { createNameRule } from "../../src/logging/secret-names.js";

const redact = createTextRedactor(createNameRule());

describe("free text", () => {
  it.each([
    [
      "connect to postgres://app:hunter2@db:5432/main failed",
      "connect to postgres://[redacted]@db:5432/main failed",
    ],
    [
      "GET https://api/x?page=2&api_key=abc123 answered 500",
      "GET https://api/x?page=2&api_key=[redacted] answered 500",
    ],
    ["login password=hunter2, user=bob", "login password=[redacted], user=bob"],
    ['body {"user":"bob","password":"hun\\"ter2"}', 'body {"user":"bob","password":"[redacted]"}'],
    ['cut {"token" : "abcde', 'cut {"token" : "[redacted]"'],
    ["file:///app/main.mjs?t=1:2:3", "file:///app/main.mjs?t=1:2:3"],
    ["at https://host/@scope/x.js:1:2", "at https://host/@scope/x.js:1:2"],
    ['a=b c==d "x":"y"', 'a=b c==d "x":"y"'],
  ])("turns %s into %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it("takes what it made as it is", () => {
    const once = redact('https://u:p@h/?token=a password=b {"secret":"c"}');
    expect(once).not.toMatch(/u:p|token=a|=b|"c"/);
    expect(redact(once)).toBe(once);
  });

  it.each(["a", "=", '"', "://", '"a":"', '"a" :', "a=", '\\"', "a.b-c%"])(
    "survives a long text of %j",
    (part) => {
      expect(typeof redact(`${part.repeat(100_000)}://x":=`)).toBe("string");
    },
  );
});
