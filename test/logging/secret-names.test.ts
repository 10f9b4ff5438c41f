import { expect, it } from "vitest";
import { createNameRule } from "../../src/logging/secret-names.js";

const rule = createNameRule(["ssn", "Card-Number"]);

it.each([
  "password",
  "passwd",
  "secret",
  "token",
  "api_key",
  "apiKey",
  "access_token",
  "refresh_token",
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "PASSWORD",
  "Authorization",
  "dbPassword",
  "client_secret",
  "idToken",
  "API-KEY",
  "cookies",
  "private_key",
  "credentials",
  "ssn",
  "SSN",
  "card_number",
  "cardNumber",
  "--password",
])("calls %s secret", (name) => {
  expect(rule(name)).toBe("secret");
});

it.each([
  "tokens",
  "prompt_tokens",
  "token_count",
  "secretary",
  "passwordless",
  "user",
  "",
  "cookieCount",
  "cardNumbers",
  "keys",
])("shows %j", (name) => {
  expect(rule(name)).toBe("plain");
});

it.each([
  "url",
  "originalUrl",
  "request_url",
  "uri",
  "href",
  "referer",
  "Referrer",
  "location",
  "DATABASE_URL",
])("knows that %s holds a URL", (name) => {
  expect(rule(name)).toBe("url");
});

it("judges a name by its end however long it is, and the same again", () => {
  const long = `${"x".repeat(1_000_000)}password`;
  expect([rule(long), rule(long)]).toEqual(["secret", "secret"]);
  for (let i = 0; i < 5000; i++) expect(rule(`name${i}`)).toBe("plain");
  expect([rule("name1"), rule("other password")]).toEqual(["plain", "secret"]);
});
