import { channel } from "node:diagnostics_channel";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AccessFields, writeAccessMembers } from "../../src/collectors/http/server/access-members.js";
import { MEMBERS } from "../../src/logging/known-line.js";
import type { LoggingSettings } from "../../src/logging/settings.js";
import { createHouse } from "./fakes.js";

const FIELDS: AccessFields = {
  event: "http_request",
  method: "GET",
  route: "/users/:id",
  path: "/users/7",
  status: 200,
  outcome: "ok",
  duration_seconds: 0.001234,
  request_bytes: 0,
  response_bytes: 42,
  client_ip: "10.0.0.0/24",
  user_agent: "curl/8",
};

// A lone surrogate, which pino writes as it is and no request can hold, is left out.
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }).map((each) => each.replace(/\p{Surrogate}/gu, "")),
  fc.constantFrom(
    "/a?token=secret",
    "https://u:p@host/",
    'x":"y"',
    '\\ " \u0000 \u007f',
    "a".repeat(20_000),
    "",
  ),
);
// Larger ones may look like the number of a card.
const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, min: 0, max: 1e12 }));
const fields = fc.record({
  event: fc.constant<"http_request">("http_request"),
  method: fc.option(text, { nil: undefined }),
  route: fc.option(text, { nil: null }),
  path: text,
  status: fc.integer({ min: 100, max: 999 }),
  outcome: fc.constantFrom("ok", "error", "aborted"),
  duration_seconds: number,
  request_bytes: number,
  response_bytes: number,
  client_ip: fc.option(text, { nil: undefined }),
  user_agent: fc.option(text, { nil: undefined }),
});

const known = (from: AccessFields): object => ({ ...from, [MEMBERS]: writeAccessMembers });
const timeless = (line: string | undefined): string | undefined =>
  line?.replace(/"\d{4}-[\d:.T-]+Z"|^\d\d:[\d:.]+/, "0");

/** The lines of the same fields, written by their own function and copied. */
function both(from: AccessFields, settings: Partial<LoggingSettings> = {}): (string | undefined)[] {
  const house = createHouse(settings);
  house.ids.chunk = `,"trace_id":"abc"`;
  const log = house.logger.component("http");
  log.info(known(from), "request completed");
  log.info(from, "request completed");
  return house.lines.map(timeless);
}

describe("a line of known fields", () => {
  it("is byte for byte the one that pino writes of their copy", () => {
    fc.assert(
      fc.property(fields, (from) => {
        const [own, copied] = both(from);
        expect(own).toBe(copied);
      }),
      { numRuns: 500 },
    );
  });

  it.each(["document", "ecs", "logstash", "gcp", "pretty"] as const)("is the same in format %s", (format) => {
    const [own, copied] = both({ ...FIELDS, path: "/users;token=hush" }, { format });
    expect(own).not.toContain("hush");
    expect(own).toBe(copied);
  });

  it.each(Object.keys(FIELDS))(
    "hides %s where the option says so, also after a line that has nothing to hide",
    (name) => {
      const { logger, lines } = createHouse({ redact: [name] });
      logger.info(known({ ...FIELDS, [name]: null }), "first");
      logger.info(known(FIELDS), "second");
      logger.info(FIELDS, "second");
      expect(lines[1]).toContain(`"${name}":"[redacted]"`);
      expect(timeless(lines[1])).toBe(timeless(lines[2]));
    },
  );

  it("carries what its logger and the work under way are bound to", () => {
    const { logger, ids, last } = createHouse();
    logger.child({ tenant: "a" }).info(known(FIELDS), "done");
    expect(last()).toMatchObject({ tenant: "a", path: "/users/7" });
    ids.fields = { user: 5 };
    logger.info(known(FIELDS), "done");
    expect(last()).toMatchObject({ user: 5, path: "/users/7" });
  });

  it("is left to a serializer of the host's", () => {
    const { logger, last } = createHouse();
    logger.child({}, { serializers: { path: () => "hidden" } }).info(known(FIELDS), "done");
    expect(last()).toMatchObject({ path: "hidden" });
  });

  it("has the prefix of its logger and no secret in its text", () => {
    const { logger, last } = createHouse();
    logger.child({}, { msgPrefix: "[http] " }).info(known(FIELDS), "token=abc");
    expect(last()).toMatchObject({ msg: "[http] token=[redacted]" });
  });

  it("goes through pino while somebody watches pino's channel", () => {
    const { logger, last } = createHouse();
    const seen: unknown[] = [];
    const watch = (message: unknown): void => void seen.push(message);
    const start = channel("tracing:pino_asJson:start");
    start.subscribe(watch);
    onTestFinished(() => void start.unsubscribe(watch));
    logger.info(known(FIELDS), "done");
    expect(seen).toHaveLength(1);
    expect(last()).toMatchObject({ path: "/users/7", msg: "done" });
  });
});
