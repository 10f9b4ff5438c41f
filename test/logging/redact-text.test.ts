import fc from "fast-check";
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
    ["PASSWORD: a", "PASSWORD: [redacted]"],
    ["COOKIE: a", "COOKIE: [redacted]"],
    ["AUTHORIZATION: a", "AUTHORIZATION: [redacted]"],
    ["X-API-KEY: a", "X-API-KEY: [redacted]"],
    ["BASIC dXNlcjpwYXNz", "BASIC [redacted]"],
    ["login password=hunter2, user=bob", "login password=[redacted], user=bob"],
    ['body {"user":"bob","password":"hun\\"ter2"}', 'body {"user":"bob","password":"[redacted]"}'],
    ['cut {"token" : "abcde', 'cut {"token" : "[redacted]"'],
    ["file:///app/main.mjs?t=1:2:3", "file:///app/main.mjs?t=1:2:3"],
    ["at https://host/@scope/x.js:1:2", "at https://host/@scope/x.js:1:2"],
    ['a=b c==d "x":"y"', 'a=b c==d "x":"y"'],
    ["Server=db;User Id=sa;Password=hunter2;", "Server=db;User Id=sa;Password=[redacted];"],
    ["{ user: 'bob', password: 'hunter2' }", "{ user: 'bob', password: '[redacted]' }"],
    ["refused (password: hunter2)", "refused (password: [redacted])"],
    ["authorization: Bearer abc.def\nhost: a", "authorization: [redacted]\nhost: a"],
    ["sent bearer abc123def456", "sent bearer [redacted]"],
    ["uses Basic dXNlcjpwYXNz here", "uses Basic [redacted] here"],
    ["bearer authentication and basic understanding", "bearer authentication and basic understanding"],
    ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln expired", "jwt [redacted] expired"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "[redacted]"],
    ["card 4111 1111 1111 1111 declined", "card [redacted] declined"],
    ["card 378282246310005 declined", "card [redacted] declined"],
    ["order 4111111111111112 at 1763750000000", "order 4111111111111112 at 1763750000000"],
    [
      "span 00f067aa0ba902b7, 127.0.0.1:5432, 2026-11-21T12:00:00.000Z",
      "span 00f067aa0ba902b7, 127.0.0.1:5432, 2026-11-21T12:00:00.000Z",
    ],
  ])("turns %s into %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it("takes what it made as it is", () => {
    const once = redact('https://u:p@h/?token=a password=b {"secret":"c"}');
    expect(once).not.toMatch(/u:p|token=a|=b|"c"/);
    expect(redact(once)).toBe(once);
  });

  it.each([
    "a",
    "=",
    '"',
    "://",
    '"a":"',
    '"a" :',
    "a=",
    '\\"',
    "a.b-c%",
    "a='",
    "4",
    "4 ",
    "-----BEGIN PRIVATE KEY-----",
    "bearer ",
    "eyJ",
    "eyJaaaaa.",
    "cookie: ",
    "password",
    "-",
  ])("survives a long text of %j", (part) => {
    expect(typeof redact(`${part.repeat(100_000)}://x":=`)).toBe("string");
  });

  // Quotes make any text one that all patterns are tried on; after three line ends they belong to none of them.
  it("hides in a text without quotes what it hides in one with them", () => {
    const parts = fc.oneof(
      fc.constantFrom(
        "password",
        "Cookie",
        "x-api-key",
        "pwd",
        "Bearer",
        "basic",
        "eyJhbGci",
        ".eyJzdWIi",
        "://",
      ),
      fc.constantFrom(
        ":",
        ": ",
        "=",
        " ",
        "/",
        "@",
        "-",
        ".",
        "ſ",
        "K",
        "4111 1111-1111 1111",
        "5500005555555559",
      ),
      fc.string({ maxLength: 8 }).filter((text) => !/['"\\]/.test(text)),
    );
    const quotes = "\n\n\n''";
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (array) => {
        const text = array.join("");
        expect(redact(text + quotes)).toBe(redact(text) + quotes);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(["4111111111111111", "4111 1111 1111 1111", "4222222222222", "1-4111-1111-1111-1111"])(
    "finds a card number alone: %s",
    (text) => {
      expect(redact(text)).toBe(text.startsWith("1-") ? text : "[redacted]");
    },
  );
});
