import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/logging/formats/index.js";
import { redactHeaders, redactValue } from "../../src/logging/redact.js";
import { createHouse } from "./fakes.js";

const SECRET = "S3cr3t-planted";
// Secrets by their looks, each with the planted text in it.
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${SECRET}`;
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${SECRET.replace("-", "")}\n-----END RSA PRIVATE KEY-----`;
const CARD = "4111 1111 1111 1111";
const NAMES = [
  "password",
  "Passwd",
  "client_secret",
  "accessToken",
  "refresh_token",
  "API-KEY",
  "Cookie",
  "set-cookie",
  "Authorization",
  "proxy-authorization",
  "x-api-key",
  "pwd",
  "private_key",
  "aws_secret_access_key",
  "sessionId",
  "session",
  "connectionString",
  "cvv",
  "cardNumber",
  "ssn",
];

const name = fc.constantFrom(...NAMES);
const filler = fc.jsonValue({ maxDepth: 2 });
const label = fc.stringMatching(/^[a-z]{1,8}$/);

/** Something that holds the secret under a name, a header or a URL that gives it away. */
const planted: fc.Arbitrary<unknown> = fc.oneof(
  name.map((key) => ({ [key]: SECRET })),
  fc.tuple(name, filler).map(([key, other]) => ({ [key]: { nested: [SECRET, other] }, other })),
  name.map((key) => [key, SECRET]),
  name.map((key) => new Map([[key, SECRET]])),
  label.map((key) => ({ url: `/path?${key}=${SECRET}` })),
  label.map((key) => new URL(`https://${key}:${SECRET}@host/?q=${SECRET}`)),
  name.map((key) => new Headers({ [key]: SECRET })),
  name.map((key) => Object.assign(new Error(`${key}=${SECRET} was refused`), { [key]: SECRET })),
  label.map(
    (key) => new Error(`connect ${key}://app:${SECRET}@db failed`, { cause: new Error(`token=${SECRET}`) }),
  ),
  name.map((key) => ({ body: JSON.stringify({ [key]: SECRET }) })),
  label.map((key) => ({ [key]: `sent Bearer ${SECRET} to it` })),
  label.map((key) => ({ [key]: `Basic ${SECRET}` })),
  label.map((key) => new Error(`${key} ${JWT} has expired`)),
  label.map((key) => ({ [key]: PEM })),
  label.map((key) => ({ dump: `{ ${key}: 1, password: '${SECRET}', token: "${SECRET}" }` })),
  label.map((key) => ({ dsn: `Server=${key};User Id=sa;Password=${SECRET};` })),
  label.map((key) => ({ raw: `GET /${key} HTTP/1.1\r\nCookie: a=1; sid=${SECRET}\r\nHost: b` })),
  name.map((key) => ({ rawHeaders: ["Host", "a", key, SECRET] })),
  fc
    .constantFrom(CARD, CARD.replaceAll(" ", "-"), Number(CARD.replaceAll(" ", "")))
    .map((card) => ({ card })),
  name.map((key) => ({ toJSON: () => ({ [key]: SECRET }) })),
);

/** The same, deeper and in company. */
const hidden: fc.Arbitrary<unknown> = fc
  .tuple(planted, fc.array(fc.tuple(label, fc.boolean(), filler), { maxLength: 4 }))
  .map(([value, wraps]) =>
    wraps.reduce<unknown>(
      (inner, [key, list, other]) => (list ? [other, inner] : { other, [key]: inner }),
      value,
    ),
  );

describe("a planted secret", () => {
  it.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])(
    "never reaches the sink, however it is logged (%s)",
    (format) => {
      const house = createHouse({ format, redact: ["ssn"] });
      const { logger, lines, notes } = house;
      const ways: ((value: object) => void)[] = [
        (value) => logger.info(value),
        (value) => logger.info(value, "with text"),
        (value) => logger.info({ value }, "nested"),
        (value) => logger.info("interpolated %o and %j", value, { value }),
        (value) => logger.error({ err: value }),
        (value) => logger.child({ value }).warn("bound"),
        (value) =>
          logger.child({}, { serializers: { own: (own: unknown) => ({ own }) } }).info({ own: value }),
        (value) => logger.component("db").child({ req: value }).error("failed %s", value),
        (value) => Reflect.apply(logger.error, logger, ["failed", value]),
        (value) => {
          const child = logger.child({});
          child.setBindings({ value });
          child.info("rebound");
        },
      ];
      fc.assert(
        fc.property(hidden, fc.constantFrom(...ways), (value, way) => {
          lines.length = 0;
          way(value as object);
          const text = lines.join("");
          expect(text).not.toContain(SECRET);
          expect(text).not.toContain(SECRET.replace("-", ""));
          expect(text.replace(/[ -]/g, "")).not.toContain(CARD.replaceAll(" ", ""));
          expect(lines).toHaveLength(1);
        }),
        { numRuns: 300 },
      );
      expect(notes).toEqual([]);
    },
  );
});

describe("any value at all", () => {
  it("makes a copy that JSON takes", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withObjectString: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const copy = redactValue(value);
        expect(() => JSON.stringify(copy)).not.toThrow();
      }),
    );
  });
});

it("copies headers with the secret ones hidden", () => {
  const headers = {
    host: "a",
    Authorization: "Bearer x",
    "proxy-authorization": "Basic y",
    "set-cookie": ["a=b"],
    "x-api-key": "k",
  };
  expect(redactHeaders(headers)).toEqual({
    host: "a",
    Authorization: "[redacted]",
    "proxy-authorization": "[redacted]",
    "set-cookie": "[redacted]",
    "x-api-key": "[redacted]",
  });
  expect(headers.Authorization).toBe("Bearer x");
});
