import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS, type FormatName } from "../../../src/logging/formats/index.js";
import type { LoggingSettings } from "../../../src/logging/index.js";
import { createHouse, type FakeHouse } from "../fakes.js";
import { parseStrict } from "./strict-json.js";

const NAMES = Object.keys(FORMATS) as FormatName[];
const MACHINE = NAMES.filter((name) => name !== "pretty");
const IDS = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: 1,
  requestId: 'r"1',
};
// Every name that some format gives to a part of a line, and those that objects inherit.
const TAKEN = [
  "level level_value severity log.level time timestamp @timestamp @version @metadata @type message msg component logger_name",
  "log.logger service version environment ecs.version service.name event.dataset trace_id span_id request_id trace_flags trace.id",
  "span.id http.request.id fields err error event category outcome httpRequest serviceContext stack_trace tags labels http url",
  "logging.googleapis.com/trace logging.googleapis.com/spanId logging.googleapis.com/trace_sampled method path status route",
  "duration_seconds client_ip user_agent user_id actor event.action __proto__ constructor toString hasOwnProperty toJSON",
].flatMap((names) => names.split(" "));
const name = fc.oneof(
  fc.constantFrom(...TAKEN, ...TAKEN.map((taken) => `${taken}_`)),
  fc.string({ unit: "binary" }),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    maxDepth: 3,
  }),
  fc.constantFrom(
    "http_request",
    "connect",
    "access",
    Number.NaN,
    Symbol("s"),
    new RangeError("x", { cause: new Error("y") }),
  ),
);
const bag = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((pairs) => Object.fromEntries(pairs));
const text = fc.option(fc.string({ unit: "binary" }), { nil: undefined });

function houseOf(format: FormatName, settings: Partial<LoggingSettings> = {}): FakeHouse {
  return createHouse({ format, version: "1.2.3", environment: "test", gcpProject: "p", ...settings });
}

describe.each(MACHINE)("a line of format %s", (format) => {
  it("is one valid JSON object in which no name stands twice, whatever is logged", {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(bag, bag, bag, text, fc.boolean(), (fields, bindings, context, message, inside) => {
        const house = houseOf(format);
        if (inside) house.ids.current = IDS;
        house.ids.fields = context;
        const child = house.logger.child(bindings);
        house.logger.component("db").info(fields, message);
        child.child(fields).error(fields, message);
        if (message !== undefined) child.warn(message);
        for (const line of house.lines) {
          expect(line.endsWith("\n") && !line.slice(0, -1).includes("\n")).toBe(true);
          parseStrict(line);
        }
        expect(house.lines).toHaveLength(message === undefined ? 2 : 3);
        expect(house.notes).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("stays within 200 kB, whatever is logged", () => {
    const house = houseOf(format);
    const error = new Error("x".repeat(1e6), { cause: new Error("y".repeat(1e6)) });
    Object.assign(error, { data: Array.from({ length: 1e4 }, () => "z".repeat(1e3)) });
    house.logger.error(error);
    house.logger.error({
      err: new AggregateError(Array.from({ length: 500 }, () => error)),
      big: "b".repeat(1e6),
    });
    house.logger.info("t".repeat(1e6));
    for (const line of house.lines.slice(0, 2)) expect(line.length).toBeLessThan(200_000);
    expect(house.lines).toHaveLength(3);
  });

  it("carries the ids of the work under way, also on lines of children, and none outside", () => {
    const house = houseOf(format);
    house.logger.info("outside");
    expect(house.lines[0]).not.toContain(IDS.traceId);
    house.ids.current = IDS;
    house.logger.info("text");
    house.logger.component("db").info({ a: 1 }, "text");
    house.logger.child({ b: 2 }).error(new Error("x"));
    for (const line of house.lines.slice(1)) {
      expect(line).toContain(IDS.traceId);
      expect(line).toContain(IDS.spanId);
      expect(line).toContain(JSON.stringify(IDS.requestId));
    }
  });

  it("carries the fields of the work under way, which the logger's and the line's own win over", () => {
    const house = houseOf(format);
    house.ids.fields = { userId: 7, step: "context", token: "t", plan: "context" };
    house.logger.info("text");
    house.logger.child({ step: "bound", plan: "bound" }).info({ plan: "line" });
    const [first = "", second = ""] = house.lines;
    expect(first).toContain('"userId":7,"step":"context","token":"[redacted]"');
    expect(second).toContain('"userId":7,"step":"bound","token":"[redacted]","plan":"line"');
  });

  it("lets a line's field win over the same of a child, which pino writes twice", () => {
    const house = houseOf(format);
    house.logger.child({ step: 1 }).child({ step: 2 }).info({ step: 3 }, "text");
    expect([...(house.lines[0] ?? "").matchAll(/"step":(\d)/g)].map(([, step]) => step)).toEqual(["3"]);
  });

  it("takes a text that was logged as a field, and an error's, for the message", () => {
    const house = houseOf(format);
    house.logger.info({ msg: "hello" });
    house.logger.error(new TypeError("bad"));
    const key = house.last()["msg"] === undefined ? "message" : "msg";
    expect(house.lines.map((line) => parseStrict(line)[key])).toEqual(["hello", "bad"]);
  });
});
